/** Real Postgres servers of several major versions, for tests and the demo. */
@NullMarked
package io.sequin.testkit.postgres;

import org.jspecify.annotations.NullMarked;
