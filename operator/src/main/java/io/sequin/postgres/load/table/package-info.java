/** Writing one table inside a transaction: the way its rows take, the records that are set aside. */
@NullMarked
package io.sequin.postgres.load.table;

import org.jspecify.annotations.NullMarked;
