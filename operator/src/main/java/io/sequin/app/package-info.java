/** Commands, the one composition root and the order in which things stop. */
@NullMarked
package io.sequin.app;

import org.jspecify.annotations.NullMarked;
