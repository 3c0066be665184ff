/** The reconciler of Sync: plan, projection of the engine's snapshot to status. */
@NullMarked
package io.sequin.operator.sync;

import org.jspecify.annotations.NullMarked;
