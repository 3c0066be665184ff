package io.sequin.data;

import java.util.List;

/** A primary key's values, in the order of {@link TableShape#primaryKey()}, each as Postgres reads it from text. */
public record RowKey(List<String> parts) {
    public RowKey {
        parts = List.copyOf(parts);
    }

    public static RowKey of(String id) {
        return new RowKey(List.of(id));
    }
}
