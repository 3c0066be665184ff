/** A Sync's loop: opens it, runs its lanes, renews its claim, lets go of it; drops its data. */
@NullMarked
package io.sequin.engine.loop;

import org.jspecify.annotations.NullMarked;
