/** The statements that bring a table up to date with rows that are offered to it. */
@NullMarked
package io.sequin.postgres.load.merge;

import org.jspecify.annotations.NullMarked;
