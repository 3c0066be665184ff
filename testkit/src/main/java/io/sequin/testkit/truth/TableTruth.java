package io.sequin.testkit.truth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One synced table held against the source's objects, by key and content. Knows only the documented naming: a field is
 * found in the column of its name, or {@code <name>_id}, or {@code is_<name>}, else in {@code _sync_extra}.
 */
public final class TableTruth {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ENOUGH = 10;

    private final Connection connection;
    private final String schema;
    private final List<String> differences = new ArrayList<>();

    private TableTruth(Connection connection, String schema) {
        this.connection = connection;
        this.schema = schema;
    }

    /**
     * The first ten differences, in words; empty: equal.
     *
     * @param truth the source's live objects by id
     */
    public static List<String> differences(
            Connection connection, String schema, String table, Map<String, JsonNode> truth) throws SQLException {
        return differences(connection, schema, table, truth, "true");
    }

    /**
     * As {@link #differences(Connection, String, String, Map)}, of some rows.
     *
     * @param condition which rows these are, in SQL, for example {@code _sync_deleted_at is null}
     */
    public static List<String> differences(
            Connection connection, String schema, String table, Map<String, JsonNode> truth, String condition)
            throws SQLException {
        TableTruth comparison = new TableTruth(connection, schema);
        comparison.compare(table, truth, condition);
        return comparison.differences;
    }

    private void compare(String table, Map<String, JsonNode> truth, String condition) throws SQLException {
        Set<String> missing = new HashSet<>(truth.keySet());
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(1000);
            String name = statement.enquoteIdentifier(schema, true) + "." + statement.enquoteIdentifier(table, true);
            try (ResultSet rows = statement.executeQuery("select * from " + name + " where " + condition)) {
                while (rows.next() && differences.size() < ENOUGH) {
                    String id = rows.getString("id");
                    JsonNode object = truth.get(id);
                    if (object == null) {
                        differences.add(table + " " + id + " is not at the source");
                    } else if (!missing.remove(id)) {
                        differences.add(table + " " + id + " is there twice");
                    } else {
                        compareRow(table + " " + id, object, row(rows));
                    }
                }
            }
        }
        if (differences.size() < ENOUGH) {
            missing.stream().limit(ENOUGH).forEach(id -> differences.add(table + " " + id + " is missing"));
        }
    }

    private static Map<String, Object> row(ResultSet rows) throws SQLException {
        ResultSetMetaData meta = rows.getMetaData();
        Map<String, Object> row = new HashMap<>();
        for (int i = 1; i <= meta.getColumnCount(); i++) {
            Object value = value(rows, i, meta.getColumnTypeName(i));
            if (value != null) {
                row.put(meta.getColumnName(i), value);
            }
        }
        return row;
    }

    private static @Nullable Object value(ResultSet rows, int index, String type) throws SQLException {
        if (type.equals("timestamptz")) {
            OffsetDateTime time = rows.getObject(index, OffsetDateTime.class);
            return time == null ? null : time.toInstant();
        }
        if (type.equals("jsonb")) {
            String text = rows.getString(index);
            return text == null ? null : tree(text);
        }
        return rows.getObject(index);
    }

    private static JsonNode tree(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Postgres gave invalid JSON", e);
        }
    }

    private void compareRow(String row, JsonNode object, Map<String, Object> columns) {
        Set<String> unexplained = new HashSet<>(columns.keySet());
        unexplained.removeIf(column -> column.startsWith("_sync_"));
        JsonNode extra = columns.get("_sync_extra") instanceof JsonNode node ? node : JSON.createObjectNode();
        object.properties().forEach(field -> {
            JsonNode expected = field.getValue();
            String name = field.getKey();
            String column = List.of(name, name + "_id", "is_" + name).stream()
                    .filter(columns::containsKey)
                    .findFirst()
                    .orElse(null);
            if (column != null) {
                unexplained.remove(column);
                if (!same(expected, columns.get(column))) {
                    differences.add(
                            row + ": " + column + " is " + columns.get(column) + ", the source has " + brief(expected));
                }
            } else if (!expected.isNull() && !sameTree(expected, extra.path(name))) {
                differences.add(row + ": the value of " + name + " is lost: " + brief(expected));
            }
        });
        unexplained.forEach(column ->
                differences.add(row + ": " + column + " is " + columns.get(column) + ", the source has nothing"));
    }

    private static boolean same(JsonNode expected, @Nullable Object found) {
        return switch (found) {
            case null -> expected.isNull();
            case JsonNode node -> sameTree(expected, node);
            case Instant time -> expected.isIntegralNumber() && expected.longValue() == time.getEpochSecond();
            case Boolean bool -> expected.isBoolean() && expected.booleanValue() == bool;
            case BigDecimal number ->
                expected.isNumber() && expected.decimalValue().compareTo(number) == 0;
            case Number number -> expected.isIntegralNumber() && expected.longValue() == number.longValue();
            default -> sameText(expected, found.toString());
        };
    }

    private static boolean sameText(JsonNode expected, String found) {
        return expected.isTextual()
                ? expected.textValue().equals(found)
                : expected.path("id").asText().equals(found);
    }

    /** jsonb keeps numbers by value, not by spelling. */
    private static boolean sameTree(JsonNode expected, JsonNode found) {
        return expected.equals(
                (a, b) -> a.isNumber() && b.isNumber() && a.decimalValue().compareTo(b.decimalValue()) == 0
                        ? 0
                        : a.equals(b) ? 0 : 1,
                found);
    }

    private static String brief(JsonNode value) {
        String text = value.toString();
        return text.length() > 80 ? text.substring(0, 80) + "…" : text;
    }
}
