/** JSON as bytes: repaired where Postgres could not take it, and printed as the server prints {@code jsonb}. */
@NullMarked
package io.sequin.postgres.load.json;

import org.jspecify.annotations.NullMarked;
