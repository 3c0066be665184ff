/** Following the changes of tables. */
@NullMarked
package io.sequin.engine.tail;

import org.jspecify.annotations.NullMarked;
