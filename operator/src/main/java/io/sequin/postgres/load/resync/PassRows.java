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
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Full passes in {@code _sync_state}. Each has a mark among the keys in {@code _sync_seen}, in the name of no table: a
 * crash of the server empties that table as a whole, so while the mark is there all else is that ever was.
 */
public final class PassRows {
    /** Of no table. */
    private static final String MARK = "";

    private final String schema;

    public PassRows(String schema) {
        this.schema = schema;
    }

    private String state() {
        return Identifier.quote(schema, StateTables.STATE);
    }

    private String seen() {
        return Identifier.quote(schema, StateTables.SEEN);
    }

    /**
     * A lane's row.
     *
     * @param seen how many keys the pass has met
     * @param pass its number among the passes of this lane
     * @param full null: none is under way
     * @param marked what it has met was not lost in a crash of the server
     */
    record Row(
            LaneState lane, long seen, long pass, @Nullable FullPass full, boolean marked) {
        private static Row read(ResultSet row) throws SQLException {
            String full = row.getString(5);
            return new Row(
                    new LaneState(row.getLong(1), new Checkpoint(Json.of(row.getString(2)))),
                    row.getLong(3),
                    row.getLong(4),
                    full == null ? null : FullPass.parse(full),
                    row.getBoolean(6));
        }

        /** What it has met may be all there. */
        boolean isKept() {
            return full != null && marked && seen >= 0;
        }
    }

    /** The lanes of passes under way, by the tables they list. */
    Map<String, LaneId> underWay(Transaction tx) throws SQLException {
        Map<String, LaneId> lanes = new HashMap<>();
        all(tx).forEach((lane, pass) -> pass.tables().forEach(table -> lanes.put(table, lane)));
        return lanes;
    }

    private Map<LaneId, FullPass> all(Transaction tx) throws SQLException {
        Map<LaneId, FullPass> all = new HashMap<>();
        tx.list(
                        "select \"lane\", \"full_pass\" from " + state() + " where \"full_pass\" is not null",
                        row -> Map.entry(new LaneId(row.getString(1)), FullPass.parse(row.getString(2))))
                .forEach(pass -> all.put(pass.getKey(), pass.getValue()));
        return all;
    }

    /** Waits for a transaction of the lane that has not ended. */
    Optional<Row> lock(Transaction tx, LaneId lane) throws SQLException {
        return row(tx, lane, " for update of l");
    }

    /** As it is committed. */
    Optional<Row> read(Transaction tx, LaneId lane) throws SQLException {
        return row(tx, lane, "");
    }

    private Optional<Row> row(Transaction tx, LaneId lane, String lock) throws SQLException {
        return tx.first(
                "select l.\"seq\", l.\"checkpoint\", l.\"seen\", l.\"pass\", l.\"full_pass\", exists (select from "
                        + seen()
                        + " k where k.\"table\" = ? and k.\"key\" = array[l.\"lane\"]) from " + state()
                        + " l where l.\"lane\" = ?" + lock,
                Row::read,
                MARK,
                lane.value());
    }

    /** Begins it, and ends passes of other lanes over its tables: of the keys of a table only one can count. */
    void start(Transaction tx, LaneId lane, FullPass pass, Checkpoint start) throws SQLException {
        for (Map.Entry<LaneId, FullPass> other : all(tx).entrySet()) {
            if (!other.getKey().equals(lane)
                    && !Collections.disjoint(other.getValue().tables(), pass.tables())) {
                end(tx, other.getKey());
            }
        }
        tx.update(
                "insert into " + state() + " as l (\"lane\", \"seq\", \"checkpoint\", \"pass\", \"full_pass\")"
                        + " values (?, 0, ?::jsonb, 1, ?::jsonb) on conflict (\"lane\") do update set"
                        + " \"seq\" = l.\"seq\" + 1, \"checkpoint\" = excluded.\"checkpoint\", \"seen\" = 0,"
                        + " \"pass\" = l.\"pass\" + 1, \"full_pass\" = excluded.\"full_pass\", \"updated_at\" = now()",
                lane.value(),
                start.json().text(),
                pass.json());
        tx.update(
                "insert into " + seen() + " (\"table\", \"key\") values (?, array[?::text]) on conflict do nothing",
                MARK,
                lane.value());
    }

    void record(Transaction tx, LaneId lane, FullPass pass) throws SQLException {
        tx.update("update " + state() + " set \"full_pass\" = ?::jsonb where \"lane\" = ?", pass.json(), lane.value());
    }

    /** The keys it has met stay, of no use. */
    void end(Transaction tx, LaneId lane) throws SQLException {
        tx.update("delete from " + seen() + " where \"table\" = ? and \"key\" = array[?::text]", MARK, lane.value());
        tx.update("update " + state() + " set \"full_pass\" = null, \"seen\" = 0 where \"lane\" = ?", lane.value());
    }

    /** The same of all there are. */
    void endAll(Transaction tx) throws SQLException {
        tx.update("delete from " + seen() + " where \"table\" = ?", MARK);
        tx.update("update " + state() + " set \"full_pass\" = null, \"seen\" = 0 where \"full_pass\" is not null");
    }

    /** Remembers keys; returns how many were not known. The server writes them as text, the same way each time. */
    long meet(Transaction tx, String table, String keyAsText, String rows, List<Array> arrays) throws SQLException {
        return tx.update(
                "insert into " + seen() + " (\"table\", \"key\") select ?::text, " + keyAsText + " from " + rows
                        + " on conflict do nothing",
                RowArrays.behind(table, arrays));
    }

    /** Counts what was not known. */
    void count(Transaction tx, LaneId lane, long more) throws SQLException {
        tx.update(
                "update " + state() + " set \"seen\" = \"seen\" + ? where \"lane\" = ? and \"full_pass\" is not null"
                        + " and \"seen\" >= 0",
                more,
                lane.value());
    }

    /** Changes of its tables were passed over: with a count that is never right, the pass is lost. */
    void spoil(Transaction tx, LaneId lane) throws SQLException {
        tx.update(
                "update " + state() + " set \"seen\" = -1 where \"lane\" = ? and \"full_pass\" is not null",
                lane.value());
    }

    /** The same of whatever pass is over one of these tables. */
    void spoil(Transaction tx, Collection<String> tables) throws SQLException {
        for (Map.Entry<LaneId, FullPass> pass : all(tx).entrySet()) {
            if (!Collections.disjoint(pass.getValue().tables(), tables)) {
                spoil(tx, pass.getKey());
            }
        }
    }

    /** So that the server knows how many keys there are before it plans the deletes. */
    void analyze(Transaction tx) throws SQLException {
        tx.execute("analyze " + seen());
    }
}
