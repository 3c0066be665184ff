/** The one writer of one schema, put together from all of this. */
@NullMarked
package io.sequin.postgres.load.session;

import org.jspecify.annotations.NullMarked;
