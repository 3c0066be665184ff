@NullMarked
package io.sequin.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
