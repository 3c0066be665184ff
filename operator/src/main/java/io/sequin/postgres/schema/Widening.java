package io.sequin.postgres.schema;

import io.sequin.data.ColumnType;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * Which types of columns may become which: the wider one holds every value of the narrower one. Fixed; everything else is
 * left as it is. Pure.
 */
final class Widening {
    private static final Set<String> SMALL_INTEGERS = Set.of("smallint", "integer");

    private Widening() {}

    /**
     * The expression that turns values of a column from one type into another.
     *
     * @param from as the server prints it
     * @param column quoted
     * @return empty where that is no widening
     */
    static Optional<String> expression(String from, ColumnType to, String column) {
        boolean small = SMALL_INTEGERS.contains(from);
        Optional<ColumnType> ours = ours(from);
        if (!small && (ours.isEmpty() || ours.get() == to)) {
            return Optional.empty();
        }
        return switch (to) {
            case BIGINT -> small ? Optional.of(column + "::bigint") : Optional.empty();
            case NUMERIC ->
                small || ours.get() == ColumnType.BIGINT ? Optional.of(column + "::numeric") : Optional.empty();
            case TIMESTAMPTZ ->
                !small && ours.get() == ColumnType.DATE
                        ? Optional.of("(" + column + "::timestamp at time zone 'UTC')")
                        : Optional.empty();
            case TEXT -> Optional.of(small ? column + "::text" : text(ours.get(), column));
            case JSONB -> Optional.of("to_jsonb(" + column + ")");
            case BOOLEAN, DATE -> Optional.empty();
        };
    }

    /**
     * Whether every value of a type, as sources send it, can be written into a column of the other; also where both are
     * the same. A date is no time, since nobody says of which place.
     */
    static boolean holds(ColumnType wider, ColumnType narrower) {
        boolean dates = wider == ColumnType.TIMESTAMPTZ && narrower == ColumnType.DATE;
        return wider == narrower
                || (!dates && expression(SqlType.name(narrower), wider, "c").isPresent());
    }

    /** The type of ours that the server prints so. */
    static Optional<ColumnType> ours(String type) {
        return Arrays.stream(ColumnType.values())
                .filter(t -> SqlType.name(t).equals(type))
                .findFirst();
    }

    private static String text(ColumnType from, String column) {
        return switch (from) {
            case DATE -> "to_char(" + column + ", 'YYYY-MM-DD')";
            case TIMESTAMPTZ -> "to_char(" + column + " at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')";
            case JSONB ->
                "case jsonb_typeof(" + column + ") when 'string' then " + column + " #>> '{}' else " + column
                        + "::text end";
            case BOOLEAN, BIGINT, NUMERIC, TEXT -> column + "::text";
        };
    }
}
