/** Health, metrics, both from snapshots. */
@NullMarked
package io.sequin.observability;

import org.jspecify.annotations.NullMarked;
