/** HTTP for sources: client, rate budget, redaction. */
@NullMarked
package io.sequin.source.http;

import org.jspecify.annotations.NullMarked;
