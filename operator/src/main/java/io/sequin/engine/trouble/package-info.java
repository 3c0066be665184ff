/** What a failure of a source or a database means for a lane: what it is about, and when to try again. */
@NullMarked
package io.sequin.engine.trouble;

import org.jspecify.annotations.NullMarked;
