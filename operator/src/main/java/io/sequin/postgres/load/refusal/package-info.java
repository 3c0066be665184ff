/** What keeps a table's rows from being written or deleted, in words and with its cure. */
@NullMarked
package io.sequin.postgres.load.refusal;

import org.jspecify.annotations.NullMarked;
