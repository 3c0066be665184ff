/** The seam every source implements, and the values that cross it. */
@NullMarked
package io.sequin.source;

import org.jspecify.annotations.NullMarked;
