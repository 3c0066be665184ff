@NullMarked
package io.sequin.api.generate;

import org.jspecify.annotations.NullMarked;
