package io.sequin.postgres.load.resync;

import io.sequin.data.ColumnType;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.load.row.RowShape;
import io.sequin.postgres.schema.SqlType;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Pieces of SQL about the keys that a full pass has met: a row's own, or its parent's where it has one. Pure. */
final class SeenParts {
    private final RowShape shape;
    private final int[] columns;

    SeenParts(RowShape shape) {
        this.shape = shape;
        this.columns = shape.parent().length > 0 ? shape.parent() : shape.keys();
    }

    boolean isOfParents() {
        return shape.parent().length > 0;
    }

    /** {@code array[s."id"::text]}. */
    String keyAsText() {
        return join(", ", i -> "s." + name(i) + "::text", "array[", "]");
    }

    /** Keys bound as one array per column, under alias {@code s}. */
    String fromArrays() {
        return join(", ", i -> "?::" + SqlType.name(shape.type(columns[i])) + "[]", "unnest(", ")")
                + join(", ", this::name, " as s(", ")");
    }

    /**
     * Whether row {@code t} was met, as {@code k}. Compared as the column's type: of numbers 1 and 1.0 are the same key,
     * of texts they are not.
     */
    String isMet() {
        return join(
                " and ",
                i -> "t." + name(i) + " = k.\"key\"[" + (i + 1) + "]"
                        + (shape.type(columns[i]) == ColumnType.TEXT
                                ? ""
                                : "::" + SqlType.name(shape.type(columns[i]))),
                "",
                "");
    }

    /** Whether row {@code t} has such a key at all. */
    String hasKey() {
        return join(" and ", i -> "t." + name(i) + " is not null", "", "");
    }

    /** {@code array[t."id"::text]}. */
    String rowKeyAsText() {
        return join(", ", i -> "t." + name(i) + "::text", "array[", "]");
    }

    /** The columns of row {@code t}. */
    String columns() {
        return join(", ", i -> "t." + name(i), "", "");
    }

    /** Whether row {@code t} comes behind a key that is bound as text. */
    String isBehind() {
        return "(" + columns() + ") > " + join(", ", i -> "?::" + SqlType.name(shape.type(columns[i])), "(", ")");
    }

    private String name(int i) {
        return Identifier.quote(shape.column(columns[i]).name());
    }

    /** One piece of SQL a column. */
    @FunctionalInterface
    private interface Piece {
        String of(int i);
    }

    private String join(String between, Piece piece, String before, String after) {
        return IntStream.range(0, columns.length)
                .mapToObj(piece::of)
                .collect(Collectors.joining(between, before, after));
    }
}
