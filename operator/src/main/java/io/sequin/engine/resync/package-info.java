/** Live tables, synced again in place. */
@NullMarked
package io.sequin.engine.resync;

import org.jspecify.annotations.NullMarked;
