/** The write path: COPY, merge, fence, deletes. */
@NullMarked
package io.sequin.postgres.load;

import org.jspecify.annotations.NullMarked;
