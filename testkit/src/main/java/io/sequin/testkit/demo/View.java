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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What anybody can see: status, {@code /metrics} and SQL. */
final class View {
    static final List<String> TABLES = List.of("customer", "product", "charge");
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

    /** Counted by SQL; 0 for a table that is not there yet. */
    Map<String, Long> rows() throws SQLException {
        Map<String, Long> rows = new LinkedHashMap<>();
        try (Connection connection = world.postgres().superuser(DemoWorld.DATABASE);
                Statement statement = connection.createStatement()) {
            for (String table : TABLES) {
                rows.put(table, count(statement, table));
            }
        }
        return rows;
    }

    private static long count(Statement statement, String table) throws SQLException {
        try (ResultSet found =
                statement.executeQuery("select to_regclass('stripe.\"" + table + "\"') is not null as present")) {
            found.next();
            if (!found.getBoolean(1)) {
                return 0;
            }
        }
        try (ResultSet counted = statement.executeQuery("select count(*) from stripe.\"" + table + "\"")) {
            counted.next();
            return counted.getLong(1);
        }
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
