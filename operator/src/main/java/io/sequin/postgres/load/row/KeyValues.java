package io.sequin.postgres.load.row;

import io.sequin.data.RowKey;
import io.sequin.postgres.load.json.HostileText;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/** Puts a key, the row's own or its parent's, into its columns. The key decides, not the record's own field: a delete names nothing else. */
final class KeyValues {
    private final RowShape shape;
    private final RowValues values;
    private final int[] columns;

    KeyValues(RowShape shape, RowValues values) {
        this(shape, values, shape.keys());
    }

    /** @param columns what the parts of a key go to */
    KeyValues(RowShape shape, RowValues values, int[] columns) {
        this.shape = shape;
        this.values = values;
        this.columns = columns;
    }

    /** @throws UnfitRecord where Postgres can't take it */
    void write(RowKey key) {
        if (key.parts().size() != columns.length) {
            throw new IllegalArgumentException("a key for " + shape.name() + " has " + columns.length + " parts");
        }
        if (KeyLength.isTooLong(key)) {
            throw new UnfitRecord(Unfit.KEY);
        }
        for (int i = 0; i < columns.length; i++) {
            String part = key.parts().get(i);
            if (!HostileText.isStorable(part) || !write(columns[i], part)) {
                throw new UnfitRecord(Unfit.KEY);
            }
        }
    }

    /** Whether a row can have this key. */
    boolean accepts(RowKey key) {
        try {
            write(key);
            return true;
        } catch (UnfitRecord e) {
            return false;
        }
    }

    private boolean write(int column, String part) {
        OptionalLong number = switch (shape.type(column)) {
            case TEXT, NUMERIC, JSONB -> {
                values.set(column, part.getBytes(StandardCharsets.UTF_8));
                yield OptionalLong.of(0);
            }
            case BIGINT -> parseLong(part);
            case BOOLEAN -> OptionalLong.of(Boolean.parseBoolean(part) ? 1 : 0);
            case DATE -> PgTime.parseDate(part);
            case TIMESTAMPTZ -> PgTime.parseTimestamp(part);
        };
        number.ifPresent(value -> values.set(column, value));
        return number.isPresent();
    }

    /** The number that a text is; empty where it is none in the range of a long. */
    static OptionalLong parseLong(String part) {
        try {
            return OptionalLong.of(Long.parseLong(part));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
