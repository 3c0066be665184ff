package io.sequin.source.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The query of a URL, in order; names and values are encoded. */
public record Query(List<Parameter> parameters) {
    /** No parameters. */
    public static final Query NONE = new Query(List.of());

    public Query {
        parameters = List.copyOf(parameters);
    }

    /** A name, which may come more than once, and its value. */
    public record Parameter(String name, String value) {}

    /** This query with one more parameter. */
    public Query and(String name, String value) {
        List<Parameter> all = new ArrayList<>(parameters);
        all.add(new Parameter(name, value));
        return new Query(all);
    }

    /** This query with one more parameter. */
    public Query and(String name, long value) {
        return and(name, Long.toString(value));
    }

    /** A part of a path, encoded so that it stays one part whatever it holds. */
    public static String pathSegment(String text) {
        return encode(text).replace("+", "%20");
    }

    String text() {
        StringBuilder out = new StringBuilder();
        for (Parameter p : parameters) {
            out.append(out.isEmpty() ? '?' : '&')
                    .append(encode(p.name()))
                    .append('=')
                    .append(encode(p.value()));
        }
        return out.toString();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
