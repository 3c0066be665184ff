package io.sequin.postgres.load.resync;

import io.sequin.data.Checkpoint;
import io.sequin.data.Json;
import io.sequin.data.LaneId;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.row.RowArrays;
import io.sequin.postgres.schema.StateTables;
import io.sequin.postgres.schema.Transaction;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Full passes in {@code _sync_state}, and what they have met in {@code _sync_seen}. */
public final class PassRows {
    private final String state;
    private final String seen;

    public PassRows(String schema) {
        this.state = Identifier.quote(schema, StateTables.STATE);
        this.seen = Identifier.quote(schema, StateTables.SEEN);
    }

    /**
     * A lane's row.
     *
     * @param seen how many keys the pass has met
     * @param pass its number among the passes of this lane
     * @param full null: none is under way
     */
    record Row(
            LaneState lane, long seen, long pass, @Nullable FullPass full) {
        private static Row read(ResultSet row) throws SQLException {
            String full = row.getString(5);
            return new Row(
                    new LaneState(row.getLong(1), new Checkpoint(Json.of(row.getString(2)))),
                    row.getLong(3),
                    row.getLong(4),
                    full == null ? null : FullPass.parse(full));
        }
    }

    /** The lanes of passes under way, by the tables they list. */
    Map<String, LaneId> underWay(Transaction tx) throws SQLException {
        Map<String, LaneId> lanes = new HashMap<>();
        tx.list(
                        "select \"lane\", \"full_pass\" from " + state + " where \"full_pass\" is not null",
                        row -> Map.entry(new LaneId(row.getString(1)), FullPass.parse(row.getString(2))))
                .forEach(pass -> pass.getValue().tables().forEach(table -> lanes.put(table, pass.getKey())));
        return lanes;
    }

    Optional<Row> lock(Transaction tx, LaneId lane) throws SQLException {
        return tx.first(
                "select \"seq\", \"checkpoint\", \"seen\", \"pass\", \"full_pass\" from " + state
                        + " where \"lane\" = ? for update",
                Row::read,
                lane.value());
    }

    void start(Transaction tx, LaneId lane, FullPass pass, Checkpoint start) throws SQLException {
        forget(tx, pass.tables());
        tx.update(
                "insert into " + state + " as l (\"lane\", \"seq\", \"checkpoint\", \"pass\", \"full_pass\")"
                        + " values (?, 0, ?::jsonb, 1, ?::jsonb) on conflict (\"lane\") do update set"
                        + " \"seq\" = l.\"seq\" + 1, \"checkpoint\" = excluded.\"checkpoint\", \"seen\" = 0,"
                        + " \"pass\" = l.\"pass\" + 1, \"full_pass\" = excluded.\"full_pass\", \"updated_at\" = now()",
                lane.value(),
                start.json().text(),
                pass.json());
    }

    void record(Transaction tx, LaneId lane, FullPass pass) throws SQLException {
        tx.update("update " + state + " set \"full_pass\" = ?::jsonb where \"lane\" = ?", pass.json(), lane.value());
    }

    void end(Transaction tx, LaneId lane, Collection<String> tables) throws SQLException {
        forget(tx, tables);
        tx.update("update " + state + " set \"full_pass\" = null, \"seen\" = 0 where \"lane\" = ?", lane.value());
    }

    void endAll(Transaction tx) throws SQLException {
        tx.update("delete from " + seen);
        tx.update("update " + state + " set \"full_pass\" = null, \"seen\" = 0 where \"full_pass\" is not null");
    }

    private void forget(Transaction tx, Collection<String> tables) throws SQLException {
        tx.update("delete from " + seen + " where \"table\" = any (?)", names(tx, tables));
    }

    /**
     * Whether all that the pass has met is there: the keys are lost in a crash of the server, which their number
     * survives.
     */
    boolean isWhole(Transaction tx, Row row) throws SQLException {
        if (row.full() == null) {
            return false;
        }
        long there = tx.first(
                        "select count(*) from " + seen + " where \"table\" = any (?)",
                        r -> r.getLong(1),
                        names(tx, row.full().tables()))
                .orElseThrow();
        return there == row.seen();
    }

    /** Remembers keys; returns how many were not known. The server writes them as text, the same way each time. */
    long meet(Transaction tx, String table, String keyAsText, String rows, List<Array> arrays) throws SQLException {
        return tx.update(
                "insert into " + seen + " (\"table\", \"key\") select ?::text, " + keyAsText + " from " + rows
                        + " on conflict do nothing",
                RowArrays.behind(table, arrays));
    }

    /** Counts what was not known. */
    void count(Transaction tx, LaneId lane, long more) throws SQLException {
        tx.update(
                "update " + state + " set \"seen\" = \"seen\" + ? where \"lane\" = ? and \"full_pass\" is not null"
                        + " and \"seen\" >= 0",
                more,
                lane.value());
    }

    /** Changes of its tables were passed over: with a count that is never right, the pass is lost. */
    void spoil(Transaction tx, LaneId lane) throws SQLException {
        tx.update(
                "update " + state + " set \"seen\" = -1 where \"lane\" = ? and \"full_pass\" is not null",
                lane.value());
    }

    /** So that the server knows how many keys there are before it plans the deletes. */
    void analyze(Transaction tx) throws SQLException {
        tx.execute("analyze " + seen);
    }

    private static Array names(Transaction tx, Collection<String> tables) throws SQLException {
        return tx.connection().createArrayOf("text", tables.toArray());
    }
}
