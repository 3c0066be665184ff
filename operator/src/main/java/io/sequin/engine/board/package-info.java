/** What is known of a Sync, gathered from all its threads into snapshots. */
@NullMarked
package io.sequin.engine.board;

import org.jspecify.annotations.NullMarked;
