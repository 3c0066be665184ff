/** Which of two answers of a source is the newer one. Pure, in memory. */
@NullMarked
package io.sequin.engine.order;

import org.jspecify.annotations.NullMarked;
