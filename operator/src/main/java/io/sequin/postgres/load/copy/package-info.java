/** Rows as the server's COPY reads them. */
@NullMarked
package io.sequin.postgres.load.copy;

import org.jspecify.annotations.NullMarked;
