/** The lanes of a Sync that is open: what each reads and where it stands. */
@NullMarked
package io.sequin.engine.lane;

import org.jspecify.annotations.NullMarked;
