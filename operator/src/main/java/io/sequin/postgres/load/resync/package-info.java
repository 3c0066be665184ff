/** Syncing live tables again in place: what a full pass has met, and the deletes at its end. */
@NullMarked
package io.sequin.postgres.load.resync;

import org.jspecify.annotations.NullMarked;
