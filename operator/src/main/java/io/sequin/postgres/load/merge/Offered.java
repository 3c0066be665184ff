package io.sequin.postgres.load.merge;

import io.sequin.postgres.load.json.JsonbText;
import java.util.Set;

/**
 * Rows offered to a table: what a statement reads them from, under alias {@code s}.
 *
 * @param relation with its alias
 * @param printed quoted names of the {@code jsonb} columns that they have as text, mostly as {@link JsonbText} prints it
 */
public record Offered(String relation, Set<String> printed) {
    /** Rows with their columns' own types. */
    public Offered(String relation) {
        this(relation, Set.of());
    }

    /** A value as its column's type. */
    String value(String column) {
        return "s." + column + (isPrinted(column) ? "::jsonb" : "");
    }

    boolean isPrinted(String column) {
        return printed.contains(column);
    }

    /**
     * Whether the stored value differs. Equal text means equal values, which the server sees without reading the JSON;
     * only where the texts differ is it read, because one value has many texts.
     *
     * @param stored the expression for it
     */
    String differs(String stored, String column) {
        return isPrinted(column)
                ? "(" + stored + "::text is distinct from s." + column + " and " + stored + " is distinct from s."
                        + column + "::jsonb)"
                : stored + " is distinct from s." + column;
    }
}
