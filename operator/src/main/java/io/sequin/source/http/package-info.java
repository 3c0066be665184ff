/** HTTP for sources: one bounded GET, the problems of transport in words, redaction. */
@NullMarked
package io.sequin.source.http;

import org.jspecify.annotations.NullMarked;
