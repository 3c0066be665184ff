/**
 * What others see of a Sync at work: its plan, and the snapshot of what it knows. The work itself is in the packages
 * below. No SQL, no HTTP.
 */
@NullMarked
package io.sequin.engine;

import org.jspecify.annotations.NullMarked;
