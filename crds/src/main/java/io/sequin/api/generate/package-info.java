/** Turns the API records into CustomResourceDefinitions at build time. Not needed at run time. */
@NullMarked
package io.sequin.api.generate;

import org.jspecify.annotations.NullMarked;
