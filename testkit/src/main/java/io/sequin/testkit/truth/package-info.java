/** Compares what is in Postgres with what the source has, without knowing how it came there. */
@NullMarked
package io.sequin.testkit.truth;

import org.jspecify.annotations.NullMarked;
