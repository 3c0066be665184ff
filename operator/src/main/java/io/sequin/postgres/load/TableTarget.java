package io.sequin.postgres.load;

import io.sequin.postgres.Identifier;
import io.sequin.postgres.schema.SqlType;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table that a session writes: its statements, made once, and whether rows may still go straight into it. */
final class TableTarget {
    private final RowShape shape;
    private final String stage;
    private final MergeParts parts;
    private final ApplyStatement fromArrays;
    private final ApplyStatement fromStage;
    private volatile boolean fresh;

    /**
     * @param stage name of the staging table, its own in the session
     * @param fresh rows may be copied straight into it
     */
    TableTarget(String schema, RowShape shape, int majorVersion, String stage, boolean fresh) {
        this.shape = shape;
        this.stage = stage;
        this.parts = new MergeParts(schema, shape);
        this.fromArrays = ApplyStatement.of(majorVersion, parts, parts.fromArrays());
        this.fromStage = ApplyStatement.of(majorVersion, parts, qualifiedStage() + " as s");
        this.fresh = fresh;
    }

    RowShape shape() {
        return shape;
    }

    String stage() {
        return stage;
    }

    ApplyStatement fromArrays() {
        return fromArrays;
    }

    ApplyStatement fromStage() {
        return fromStage;
    }

    boolean fresh() {
        return fresh;
    }

    void noLongerFresh() {
        fresh = false;
    }

    String deleteByKeys() {
        return parts.deleteByKeys();
    }

    String deleteOtherChildren() {
        return parts.deleteOtherChildren();
    }

    String copyDirect() {
        return "copy " + parts.table() + " (" + parts.columns() + ") from stdin";
    }

    String copyStage() {
        return "copy " + qualifiedStage() + " (" + parts.columns() + ") from stdin";
    }

    /** Ends with the transaction: a longer life breaks behind PgBouncer and slows every commit. */
    String createStage() {
        return "create temp table " + Identifier.quote(stage) + " ("
                + IntStream.range(0, shape.size())
                        .mapToObj(i -> Identifier.quote(shape.column(i).name()) + " " + SqlType.name(shape.type(i)))
                        .collect(Collectors.joining(", "))
                + ") on commit drop";
    }

    private String qualifiedStage() {
        return "pg_temp." + Identifier.quote(stage);
    }
}
