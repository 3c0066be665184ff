/** Connections for HTTP: proxies, authorities, timeouts. */
@NullMarked
package io.sequin.network.http;

import org.jspecify.annotations.NullMarked;
