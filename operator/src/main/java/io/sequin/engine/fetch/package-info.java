/** Reading from a source: pages, ahead of their commit, and the rows that hints name. */
@NullMarked
package io.sequin.engine.fetch;

import org.jspecify.annotations.NullMarked;
