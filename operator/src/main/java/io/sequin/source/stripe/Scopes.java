package io.sequin.source.stripe;

import io.sequin.data.Column;
import io.sequin.data.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/** Which rows the first passes list. Pure. */
final class Scopes {
    /** When an object was made; of an invoice item Stripe calls it its date. */
    private static final List<String> CREATED = List.of("created", "date");

    private Scopes() {}

    /**
     * Of the tables of one first pass.
     *
     * @param list the list that is walked
     * @param since only objects made at or after this second, where the list can be cut by that
     */
    static Map<String, Scope> of(StripeTable list, Set<String> tables, OptionalLong since) {
        Optional<Scope.Since> from = since.isPresent() && list.created()
                ? Optional.of(new Scope.Since(column(list, CREATED), Instant.ofEpochSecond(since.getAsLong())))
                : Optional.empty();
        Map<String, Scope> scopes = new TreeMap<>();
        for (String name : tables) {
            StripeTable table = StripeTables.get(name);
            Optional<Scope.Parent> parent =
                    table.spec().parent().map(p -> new Scope.Parent(p.table(), column(table, List.of(p.field()))));
            scopes.put(name, new Scope(parent, from).by(word(list, table)));
        }
        return scopes;
    }

    /**
     * Stripe can be asked for each object of a table, or for the rows of each parent. So it is: what it says of its lists is
     * not all that they leave out.
     */
    private static Scope.Word word(StripeTable list, StripeTable table) {
        return list.isPartial() || table.isPartial() ? Scope.Word.ROW_OF_PARTIAL_LISTING : Scope.Word.ROW;
    }

    /** Of the first of these fields that the table has. */
    private static String column(StripeTable table, List<String> fields) {
        return fields.stream()
                .flatMap(field -> table.shape().columns().stream()
                        .filter(column -> column.field().equals(field)))
                .map(Column::name)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("table " + table + " has no column for " + fields));
    }
}
