package io.sequin.postgres.load.lane;

import io.sequin.data.Checkpoint;
import io.sequin.data.Json;
import io.sequin.data.LaneId;
import io.sequin.data.Problem;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.schema.Fence;
import io.sequin.postgres.schema.StateTables;
import io.sequin.postgres.schema.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** How far the lanes have come: {@code _sync_state}. */
public final class Lanes {
    private static final String COLUMNS = "\"lane\", \"seq\", \"checkpoint\"";

    private final String schema;

    public Lanes(String schema) {
        this.schema = schema;
    }

    private String table() {
        return Identifier.quote(schema, StateTables.STATE);
    }

    /** All that the schema knows, as committed. */
    public Map<LaneId, LaneState> all(Transaction tx) throws SQLException {
        return tx.list("select " + COLUMNS + " from " + table(), Lanes::entry).stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Waits for a transaction that has advanced the lane and not ended: a plain read could answer before it does. */
    public Optional<LaneState> lock(Transaction tx, LaneId lane) throws SQLException {
        return tx.first(
                        "select " + COLUMNS + " from " + table() + " where \"lane\" = ? for update",
                        Lanes::entry,
                        lane.value())
                .map(Map.Entry::getValue);
    }

    /** Records a lane that is new; leaves one that is known as it is. */
    public void begin(Transaction tx, LaneId lane, Checkpoint start) throws SQLException {
        tx.update(
                "insert into " + table() + " (\"lane\", \"seq\", \"checkpoint\") values (?, 0, ?::jsonb)"
                        + " on conflict (\"lane\") do nothing",
                lane.value(),
                start.json().text());
    }

    /** Forgets a lane; a commit of it under way will not fit any more. */
    public void forget(Transaction tx, LaneId lane) throws SQLException {
        tx.update("delete from " + table() + " where \"lane\" = ?", lane.value());
    }

    /** Moves a lane on; false where it is not at {@code seq}: then this transaction must not commit. */
    public boolean advance(Transaction tx, LaneId lane, long seq, Checkpoint after) throws SQLException {
        return tx.update(
                        "update " + table() + " set \"seq\" = \"seq\" + 1, \"checkpoint\" = ?::jsonb,"
                                + " \"updated_at\" = now() where \"lane\" = ? and \"seq\" = ?",
                        after.json().text(),
                        lane.value(),
                        seq)
                == 1;
    }

    /** Sets a lane to a checkpoint, whatever it was at; a commit of that lane under way will not fit any more. */
    public void reset(Transaction tx, LaneId lane, Checkpoint to) throws SQLException {
        tx.update(
                "insert into " + table() + " as l (\"lane\", \"seq\", \"checkpoint\") values (?, 0, ?::jsonb)"
                        + " on conflict (\"lane\") do update set \"seq\" = l.\"seq\" + 1,"
                        + " \"checkpoint\" = excluded.\"checkpoint\", \"updated_at\" = now()",
                lane.value(),
                to.json().text());
    }

    /** @throws PostgresException FENCED_OUT where a lane is not at the commit at which it should be, or not there */
    public void requireAt(Transaction tx, Map<LaneId, Long> at) throws SQLException {
        Map<LaneId, Long> found = tx
                .list(
                        "select \"lane\", \"seq\" from " + table(),
                        row -> Map.entry(new LaneId(row.getString(1)), row.getLong(2)))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        at.forEach((lane, seq) -> {
            if (!seq.equals(found.get(lane))) {
                throw moved(lane, seq);
            }
        });
    }

    /** Of a lane that is not where this process left it. */
    public static PostgresException moved(LaneId lane, long seq) {
        return Fence.lost("Lane " + lane + " is not at commit " + seq + " any more");
    }

    /** The lane is not in the schema. */
    public static PostgresException missing(LaneId lane) {
        return new PostgresException(
                Problem.of(PostgresProblem.STORAGE_MISSING, "The database has no record of lane " + lane + " any more"),
                null,
                null);
    }

    private static Map.Entry<LaneId, LaneState> entry(ResultSet row) throws SQLException {
        Checkpoint checkpoint = new Checkpoint(Json.of(row.getString(3)));
        return Map.entry(new LaneId(row.getString(1)), new LaneState(row.getLong(2), checkpoint));
    }
}
