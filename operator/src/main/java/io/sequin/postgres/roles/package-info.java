/** Roles and grants in the user's Postgres. */
@NullMarked
package io.sequin.postgres.roles;

import org.jspecify.annotations.NullMarked;
