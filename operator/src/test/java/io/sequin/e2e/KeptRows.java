package io.sequin.e2e;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a database as they were when it was last looked at, while nobody wrote to it. From one look to the next no row
 * vanishes that the source has, nor one that is kept when it is deleted; none is there twice; and none is written that did not
 * change.
 */
final class KeptRows {
    /** Products come back under their ids, and a subscription that is paused and resumed is as it was. */
    private static final Set<Filled> COME_BACK = Set.of(Filled.PRODUCT, Filled.SUBSCRIPTION);

    private final Connection connection;
    private final boolean soft;
    private final Map<Filled, Look> last = new EnumMap<>(Filled.class);

    /** @param soft whether rows are marked instead of deleted */
    KeptRows(Connection connection, boolean soft) {
        this.connection = connection;
        this.soft = soft;
    }

    /** @param table its oid, which another one of the same name has not */
    private record Look(String table, Map<String, Row> rows) {}

    /**
     * One row.
     *
     * @param version of whom wrote it last
     * @param content all but the time of the last change
     */
    private record Row(String version, boolean marked, String content) {
        boolean isWrongAfter(Row before) {
            boolean written = !version.equals(before.version);
            return written && (before.marked || content.equals(before.content));
        }
    }

    /**
     * What is wrong, in words.
     *
     * @param atSource whether the source has an id
     */
    List<String> look(Filled filled, Predicate<String> atSource) throws SQLException {
        List<String> wrong = new ArrayList<>();
        String table = "stripe." + filled.table();
        String oid = oid(table);
        Look before = last.remove(filled);
        if (oid == null) {
            return wrong;
        }
        Map<String, Row> known = before != null && before.table().equals(oid) ? before.rows() : Map.of();
        Map<String, Row> now = rows(table, known, wrong);
        known.forEach((id, row) -> {
            Row later = now.get(id);
            if (later == null && (soft || (filled != Filled.PRODUCT && atSource.test(id)))) {
                wrong.add(table + " " + id + " has vanished");
            } else if (later != null && !COME_BACK.contains(filled) && later.isWrongAfter(row)) {
                wrong.add(table + " " + id + " was written without need: " + row + ", " + later);
            }
        });
        last.put(filled, new Look(oid, now));
        return wrong;
    }

    private @Nullable String oid(String table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select to_regclass('" + table + "')::oid::text")) {
            row.next();
            return row.getString(1);
        }
    }

    /** The content is read of those rows only that were written since. */
    private Map<String, Row> rows(String table, Map<String, Row> known, List<String> wrong) throws SQLException {
        Map<String, Row> rows = new HashMap<>();
        List<String> written = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("select id, xmin::text, _sync_deleted_at is not null from " + table)) {
            while (row.next()) {
                String id = row.getString(1);
                Row before = known.get(id);
                boolean same = before != null && before.version().equals(row.getString(2));
                String content = same ? before.content() : "";
                if (!same) {
                    written.add(id);
                }
                if (rows.put(id, new Row(row.getString(2), row.getBoolean(3), content)) != null) {
                    wrong.add(table + " " + id + " is there twice");
                }
            }
        }
        contents(table, written)
                .forEach((id, content) ->
                        rows.computeIfPresent(id, (key, row) -> new Row(row.version(), row.marked(), content)));
        return rows;
    }

    private Map<String, String> contents(String table, List<String> ids) throws SQLException {
        Map<String, String> contents = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "select id, md5((to_jsonb(t) - '_sync_updated_at')::text) from " + table + " t where id = any (?)")) {
            statement.setArray(1, connection.createArrayOf("text", ids.toArray()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    contents.put(row.getString(1), Objects.requireNonNull(row.getString(2)));
                }
            }
        }
        return contents;
    }
}
