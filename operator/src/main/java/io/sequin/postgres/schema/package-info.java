/** A synced schema: claim, tables, state tables and their DDL. */
@NullMarked
package io.sequin.postgres.schema;

import org.jspecify.annotations.NullMarked;
