package io.sequin.postgres.load.resync;

import io.sequin.data.ColumnType;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.load.row.RowShape;
import io.sequin.postgres.schema.SqlType;
import java.util.EnumSet;
import java.util.Set;
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
        return join(", ", i -> "?::" + type(i) + "[]", "unnest(", ")") + join(", ", this::name, " as s(", ")");
    }

    /** Whether row {@code t} was met, as {@code k}, whose key the server has written. */
    String isMet() {
        return isKey(EnumSet.of(ColumnType.TEXT, ColumnType.BIGINT, ColumnType.BOOLEAN));
    }

    /** Whether row {@code t} has the key of {@code k} as the source has written it. */
    String isNamed() {
        return isKey(EnumSet.of(ColumnType.TEXT));
    }

    /**
     * By the index on the keys, where the types allow it; else compared as the column's type: of numbers 1 and 1.0 are the
     * same key, of texts they are not. A collation of the user's would keep the index from being used.
     *
     * @param exact types of which one value has one text
     */
    private String isKey(Set<ColumnType> exact) {
        return IntStream.of(columns).mapToObj(shape::type).allMatch(exact::contains)
                ? "k.\"key\" = "
                        + join(", ", i -> "t." + name(i) + "::text collate pg_catalog.\"default\"", "array[", "]")
                : join(" and ", i -> "t." + name(i) + " = k.\"key\"[" + (i + 1) + "]::" + type(i), "", "");
    }

    /** Whether rows {@code t} and {@code u} have the same. */
    String isSame() {
        return join(" and ", i -> "t." + name(i) + " = u." + name(i), "", "");
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
        return "(" + columns() + ") > " + join(", ", i -> "?::" + type(i), "(", ")");
    }

    private String type(int i) {
        return SqlType.name(shape.type(columns[i]));
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
