package io.sequin.postgres.load;

import io.sequin.data.Change;
import io.sequin.data.Column;
import io.sequin.data.ColumnType;
import io.sequin.data.Encoding;
import io.sequin.data.Json;
import io.sequin.data.RowKey;
import io.sequin.data.TableShape;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The lines of invoices: rows that belong to a parent. */
public final class Lines {
    private Lines() {}

    public static TableShape shape() {
        return new TableShape("line", columns(), List.of("id"), Optional.of("invoice"));
    }

    /** As it was before its rows had a parent. */
    public static TableShape withoutParent() {
        return new TableShape("line", columns(), List.of("id"));
    }

    private static List<Column> columns() {
        return List.of(
                new Column("id", "id", ColumnType.TEXT, Encoding.PLAIN),
                new Column("invoice", "invoice", ColumnType.TEXT, Encoding.PLAIN),
                new Column("amount", "amount", ColumnType.BIGINT, Encoding.PLAIN));
    }

    public static Change.Upsert row(String invoice, String id) {
        return row(invoice, id, 1);
    }

    public static Change.Upsert row(String invoice, String id, long amount) {
        String json = "{\"id\":\"%s\",\"invoice\":\"%s\",\"amount\":%d}".formatted(id, invoice, amount);
        return new Change.Upsert("line", RowKey.of(id), Json.of(json));
    }

    public static Change.ChildSet set(String invoice, boolean complete, String... ids) {
        return new Change.ChildSet(
                "line",
                RowKey.of(invoice),
                complete,
                Stream.of(ids).map(id -> row(invoice, id)).toList());
    }

    /** Complete sets of many parents, each with some lines. */
    public static List<Change.ChildSet> sets(int parents, int lines, long amount) {
        return IntStream.range(0, parents)
                .mapToObj(p -> new Change.ChildSet(
                        "line",
                        RowKey.of("in_" + p),
                        true,
                        IntStream.range(0, lines)
                                .mapToObj(l -> row("in_" + p, "li_" + p + "_" + l, amount))
                                .toList()))
                .toList();
    }
}
