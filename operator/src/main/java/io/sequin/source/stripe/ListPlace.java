package io.sequin.source.stripe;

import io.sequin.source.http.Query;

/**
 * Where a list is.
 *
 * @param path with {@code {parent}} where a parent's id belongs, if any
 * @param parameter one more parameter as {@code name=value}, where the value may be {@code {parent}}; empty: none
 * @param rest such a parameter in its place, for what the list leaves out without it; empty: none
 */
record ListPlace(String path, String parameter, String rest) {
    static final String PARENT = "{parent}";

    /** The path of the list of a parent's rows. */
    String path(String parent) {
        return path.replace(PARENT, Query.pathSegment(parent));
    }

    /** The list's own parameters. */
    Query query(String parent) {
        return query(parameter, parent);
    }

    /** Those of what it leaves out. */
    Query queryOfRest() {
        return query(rest, "");
    }

    private static Query query(String parameter, String parent) {
        if (parameter.isEmpty()) {
            return Query.NONE;
        }
        int equals = parameter.indexOf('=');
        return Query.NONE.and(
                parameter.substring(0, equals), parameter.substring(equals + 1).replace(PARENT, parent));
    }

    /** Whether what the list leaves out is to be listed, too. */
    boolean hasRest() {
        return !rest.isEmpty();
    }

    /** The path of one object of the list. */
    String one(String id) {
        return path + "/" + Query.pathSegment(id);
    }

    /** Whether the list can be had only by a parent's id. */
    boolean needsParent() {
        return path.contains(PARENT) || parameter.endsWith(PARENT);
    }
}
