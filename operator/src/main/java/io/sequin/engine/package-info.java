/** The sync itself: lanes, passes, ordering of changes, plan and snapshot. No SQL, no HTTP. */
@NullMarked
package io.sequin.engine;

import org.jspecify.annotations.NullMarked;
