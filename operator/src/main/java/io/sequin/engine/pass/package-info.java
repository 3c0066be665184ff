/** First passes of tables, and catching up with what got dirty meanwhile. */
@NullMarked
package io.sequin.engine.pass;

import org.jspecify.annotations.NullMarked;
