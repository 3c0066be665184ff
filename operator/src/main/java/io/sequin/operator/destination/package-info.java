/** The reconciler of Destination: plan, projection of the loop's snapshot to status. */
@NullMarked
package io.sequin.operator.destination;

import org.jspecify.annotations.NullMarked;
