/** One commit at a time for each table; what became of commits whose answers were lost. */
@NullMarked
package io.sequin.engine.commit;

import org.jspecify.annotations.NullMarked;
