/** Checkpoints, and the keys that are to be fetched: what moves in the transaction of the rows. */
@NullMarked
package io.sequin.postgres.load.lane;

import org.jspecify.annotations.NullMarked;
