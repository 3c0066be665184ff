package io.sequin.postgres.load.merge;

import io.sequin.data.ColumnType;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.load.row.RowShape;
import io.sequin.postgres.schema.SqlType;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table's staging table, as a transaction makes it for one batch. Columns of {@code jsonb} are text in it: of a row that
 * did not change no JSON is read (measured: to stage and merge takes the server a third less).
 */
public final class Stage {
    private final String name;
    private final RowShape shape;

    /** @param name its own in the session */
    public Stage(String name, RowShape shape) {
        this.name = name;
        this.shape = shape;
    }

    /** Ends with the transaction: a longer life breaks behind PgBouncer and slows every commit. */
    public String create() {
        return "create temp table " + Identifier.quote(name) + " ("
                + IntStream.range(0, shape.size())
                        .mapToObj(i -> column(i) + " " + SqlType.name(type(i)))
                        .collect(Collectors.joining(", "))
                + ") on commit drop";
    }

    /** Its quoted name, with the schema of temporary tables. */
    public String qualified() {
        return "pg_temp." + Identifier.quote(name);
    }

    /** Types of its columns. */
    public List<ColumnType> types() {
        return IntStream.range(0, shape.size()).mapToObj(this::type).toList();
    }

    /** Its rows. */
    public Offered rows() {
        return new Offered(
                qualified() + " as s",
                IntStream.range(0, shape.size())
                        .filter(shape::isPrinted)
                        .mapToObj(this::column)
                        .collect(Collectors.toUnmodifiableSet()));
    }

    private String column(int index) {
        return Identifier.quote(shape.column(index).name());
    }

    private ColumnType type(int index) {
        return shape.isPrinted(index) ? ColumnType.TEXT : shape.type(index);
    }
}
