package io.sequin.postgres.schema;

import io.sequin.data.Column;
import io.sequin.data.TableShape;
import io.sequin.postgres.Identifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A synced table's columns and DDL. Pure. */
public final class TableDefinition {
    /** Fields that no column takes, and values that don't fit their column, by the source's names; null when none. */
    public static final String EXTRA = "_sync_extra";
    /** When the row last really changed. */
    public static final String UPDATED_AT = "_sync_updated_at";
    /** When the source deleted the row, where deleted rows are kept. */
    public static final String DELETED_AT = "_sync_deleted_at";

    private final String schema;
    private final TableShape shape;

    public TableDefinition(String schema, TableShape shape) {
        this.schema = schema;
        this.shape = shape;
    }

    /** Create statement, with bookkeeping columns and primary key. */
    String create() {
        List<String> lines = new ArrayList<>();
        columns().forEach((name, type) -> lines.add(Identifier.quote(name) + " " + type));
        lines.add("primary key ("
                + shape.primaryKey().stream().map(Identifier::quote).collect(Collectors.joining(", ")) + ")");
        return "create table " + qualified() + " (\n  " + String.join(",\n  ", lines) + "\n)";
    }

    /** Statement that adds what {@code existing} lacks; empty text where it lacks nothing. */
    String addMissing(Map<String, String> existing) {
        List<String> parts = new ArrayList<>();
        columns().forEach((name, type) -> {
            if (!existing.containsKey(name)) {
                parts.add("add column " + Identifier.quote(name) + " " + type);
            }
        });
        return parts.isEmpty() ? "" : "alter table " + qualified() + " " + String.join(", ", parts);
    }

    /** Whether the columns that exist have the types we write. */
    boolean hasOurTypes(Map<String, String> existing) {
        return shape.columns().stream()
                        .allMatch(c ->
                                SqlType.name(c.type()).equals(existing.getOrDefault(c.name(), SqlType.name(c.type()))))
                && existing.getOrDefault(EXTRA, "jsonb").equals("jsonb");
    }

    String qualified() {
        return Identifier.quote(schema, shape.name());
    }

    private Map<String, String> columns() {
        Map<String, String> all = new LinkedHashMap<>();
        for (Column column : shape.columns()) {
            all.put(column.name(), SqlType.name(column.type()));
        }
        all.put(UPDATED_AT, "timestamp with time zone not null default now()");
        all.put(DELETED_AT, "timestamp with time zone");
        all.put(EXTRA, "jsonb");
        return all;
    }
}
