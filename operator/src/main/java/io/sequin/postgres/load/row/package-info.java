/** From a source's record to the values of a table's columns, and what is no fit for them. */
@NullMarked
package io.sequin.postgres.load.row;

import org.jspecify.annotations.NullMarked;
