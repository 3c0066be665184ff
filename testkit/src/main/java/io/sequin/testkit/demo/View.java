package io.sequin.testkit.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.sequin.testkit.operator.Installation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What anybody can see: status, {@code /metrics} and SQL. */
final class View {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern LAG = Pattern.compile("(?m)^sequin_sync_lag_seconds\\{[^}]*} ([0-9.eE+-]+)$");

    private final DemoWorld world;

    View(DemoWorld world) {
        this.world = world;
    }

    /** Status of the one object of this kind; an empty object while there is none. */
    JsonNode status(String kind) {
        String name = kind.equals("Destination") ? "warehouse" : "stripe";
        GenericKubernetesResource resource = Installation.read(world.admin(), kind, DemoWorld.NAMESPACE, name);
        return JSON.valueToTree(resource == null ? Map.of() : resource.getAdditionalProperties())
                .path("status");
    }

    /** {@code True}, {@code False} or {@code Unknown}, a slash, and the reason. */
    static String condition(JsonNode status, String type) {
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition.path("status").asText() + "/"
                        + condition.path("reason").asText();
            }
        }
        return "Unknown/-";
    }

    static boolean isTrue(JsonNode status, String type) {
        return condition(status, type).startsWith("True/");
    }

    /** {@code summary}, {@code runAs} and {@code sql} of what must be done. */
    static List<JsonNode> instructions(JsonNode status) {
        List<JsonNode> found = new ArrayList<>();
        status.path("instructions").forEach(found::add);
        return found;
    }

    /** Rows of each table of the source that is there, counted by SQL. */
    Map<String, Long> rows() throws SQLException {
        Map<String, Long> rows = new TreeMap<>();
        try (Connection connection = world.postgres().superuser(DemoWorld.DATABASE);
                Statement statement = connection.createStatement()) {
            for (String table : tables(statement)) {
                try (ResultSet counted = statement.executeQuery("select count(*) from stripe.\"" + table + "\"")) {
                    counted.next();
                    rows.put(table, counted.getLong(1));
                }
            }
        }
        return rows;
    }

    private static List<String> tables(Statement statement) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (ResultSet found = statement.executeQuery(
                "select tablename from pg_tables where schemaname = 'stripe' and left(tablename, 6) <> '_sync_'")) {
            while (found.next()) {
                tables.add(found.getString(1));
            }
        }
        return tables;
    }

    /** From {@code /metrics}; {@code -} while there is no tail. */
    String lag() throws InterruptedException {
        Matcher lag = LAG.matcher(world.operator().metrics());
        return lag.find() ? String.format(java.util.Locale.ROOT, "%.1f s", Double.parseDouble(lag.group(1))) : "-";
    }

    static String stateOf(JsonNode syncStatus, String table) {
        for (JsonNode entry : syncStatus.path("tables")) {
            if (entry.path("name").asText().equals(table)) {
                return entry.path("state").asText();
            }
        }
        return "-";
    }
}
