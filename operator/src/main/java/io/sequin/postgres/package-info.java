/** Connections to the user's Postgres: pools, TLS, identifiers, versions, SQLSTATE to problem. */
@NullMarked
package io.sequin.postgres;

import org.jspecify.annotations.NullMarked;
