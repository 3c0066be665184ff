/** The operator as users run it: its CRDs and rights from {@code config/}, its jar as a process. Knows nothing of its code. */
@NullMarked
package io.sequin.testkit.operator;

import org.jspecify.annotations.NullMarked;
