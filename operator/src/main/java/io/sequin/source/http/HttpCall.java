package io.sequin.source.http;

import java.net.URI;
import java.util.Map;

/**
 * One GET to make. Holds no credential: that is given to {@link HttpCalls#get} at the last moment.
 *
 * @param base scheme, host and port, and a path that all calls share, if any
 * @param path begins with a slash, already encoded
 * @param headers beside {@code Authorization}
 * @param maxBytes bound of the answer's body
 */
public record HttpCall(URI base, String path, Query query, Map<String, String> headers, int maxBytes) {
    public HttpCall {
        headers = Map.copyOf(headers);
    }

    URI uri() {
        return URI.create(withoutQuery() + query.text());
    }

    /** For messages and logs: a query may hold what should not be there. */
    String withoutQuery() {
        String root = base.toString();
        return (root.endsWith("/") ? root.substring(0, root.length() - 1) : root) + path;
    }
}
