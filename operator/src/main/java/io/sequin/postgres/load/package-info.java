/** The write path as others see it: what a session on a schema is asked for, and what it tells. */
@NullMarked
package io.sequin.postgres.load;

import org.jspecify.annotations.NullMarked;
