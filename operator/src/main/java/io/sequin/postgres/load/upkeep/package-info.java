/** What takes long on a table's rows: columns that were added are filled, rows that are marked are purged. */
@NullMarked
package io.sequin.postgres.load.upkeep;

import org.jspecify.annotations.NullMarked;
