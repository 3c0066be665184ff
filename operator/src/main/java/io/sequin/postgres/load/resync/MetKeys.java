package io.sequin.postgres.load.resync;

import io.sequin.data.LaneId;
import io.sequin.data.SmallMap;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.schema.Effect;
import io.sequin.postgres.schema.Fence;
import io.sequin.postgres.schema.StateTables;
import io.sequin.postgres.schema.Transaction;
import io.sequin.postgres.schema.Transactions;
import java.sql.Array;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All the keys that full passes have met. There may be as many as a table has rows, so whatever is done with all of them
 * takes many short statements: counting them in one snapshot, deleting them in many transactions.
 */
public final class MetKeys {
    /** Keys that one transaction deletes at most. */
    static final int FORGOTTEN = 10_000;

    /** Keys that one statement counts at most. */
    static final int COUNTED = 200_000;

    /** Nobody is kept waiting for longer by what is not urgent; in milliseconds. */
    private static final int PATIENCE = 100;

    private final String schema;
    private final Transactions transactions;
    private final PassRows rows;
    /** By lane: what came of counting the keys of a pass, once in this session. */
    private final SmallMap<LaneId, Counted> counted = new SmallMap<>();

    private record Counted(long pass, boolean whole) {}

    public MetKeys(String schema, Transactions transactions, PassRows rows) {
        this.schema = schema;
        this.transactions = transactions;
        this.rows = rows;
    }

    private String seen() {
        return Identifier.quote(schema, StateTables.SEEN);
    }

    /** A pass begins, or begins anew: nothing is known of its keys. */
    void begin(LaneId lane) {
        counted.remove(lane);
    }

    /** Whether the keys of a pass were counted, whatever came of it. */
    boolean isCounted(LaneId lane) {
        return counted.get(lane).isPresent();
    }

    /** Whether there are as many keys as a pass under way has met; counted once for each pass. */
    boolean count(LaneId lane) {
        return transactions.snapshot(tx -> {
            PassRows.Row row = rows.read(tx, lane).orElse(null);
            FullPass full = row == null || !row.isKept() ? null : row.full();
            if (row == null || full == null) {
                return false;
            }
            Counted before = counted.get(lane).orElse(null);
            if (before == null || before.pass() != row.pass()) {
                long there = 0;
                for (String table : full.tables()) {
                    there += count(tx, table);
                }
                before = new Counted(row.pass(), there == row.seen());
                counted.put(lane, before);
            }
            return before.whole();
        });
    }

    private long count(Transaction tx, String table) throws SQLException {
        long all = 0;
        Piece piece = null;
        do {
            piece = piece(tx, "select count(*), max(s.\"key\") from (" + some(piece) + ") s", table, piece, COUNTED);
            all += piece.keys();
        } while (piece.keys() == COUNTED);
        return all;
    }

    /**
     * Whether a pass may delete what it has not met: all the keys were there when they were counted, no crash has taken
     * them since, and no change was passed over.
     */
    boolean isWhole(LaneId lane, PassRows.Row row) {
        return row.isKept()
                && new Counted(row.pass(), true).equals(counted.now().get(lane));
    }

    /** Whether a pass that goes on is known to have lost some. */
    boolean isLost(LaneId lane, PassRows.Row row) {
        return !row.isKept()
                || new Counted(row.pass(), false).equals(counted.now().get(lane));
    }

    /**
     * Deletes the keys of tables. A pass over one of them is lost with the first.
     *
     * @param stillOurs checked by each transaction
     */
    void forget(Collection<String> tables, Fence stillOurs) {
        for (String table : tables) {
            Piece piece = null;
            do {
                Piece before = piece;
                piece = transactions.commit(Effect.FORGET_KEYS, tx -> {
                    rows.spoil(tx, List.of(table));
                    Piece forgotten = piece(tx, forgetSome(before), table, before, FORGOTTEN);
                    stillOurs.check(tx);
                    return forgotten;
                });
            } while (piece.keys() == FORGOTTEN);
        }
    }

    private String forgetSome(@Nullable Piece before) {
        return "with s as (" + some(before) + "), d as (delete from " + seen()
                + " where ctid = any (array(select ctid from s))) select count(*), max(s.\"key\") from s";
    }

    /** Behind the piece before, so that it does not look at what was deleted by then. */
    private String some(@Nullable Piece before) {
        return "select ctid, \"key\" from " + seen() + " where \"table\" = ?"
                + (before == null ? "" : " and \"key\" > ?") + " order by \"key\" limit ?";
    }

    /**
     * Some keys of a table, in their order.
     *
     * @param last empty: there are none
     */
    private record Piece(long keys, List<String> last) {}

    private static Piece piece(Transaction tx, String sql, String table, @Nullable Piece before, int most)
            throws SQLException {
        List<Object> values = new ArrayList<>(List.of(table));
        if (before != null) {
            values.add(tx.connection().createArrayOf("text", before.last().toArray()));
        }
        values.add(most);
        return tx.first(
                        sql,
                        row -> {
                            Array last = row.getArray(2);
                            return new Piece(
                                    row.getLong(1), last == null ? List.of() : List.of((String[]) last.getArray()));
                        },
                        values.toArray())
                .orElseThrow();
    }

    /**
     * Empties the table where no pass is under way: what passes have met that were ended by force is of no use. Where
     * somebody reads it, as pg_dump does for hours, it stays as it is.
     *
     * @return whether it is empty
     */
    boolean clear(Transaction tx) throws SQLException {
        boolean empty = tx.first("select pg_relation_size(?::regclass) = 0", row -> row.getBoolean(1), seen())
                .orElseThrow();
        if (empty || !rows.underWay(tx).isEmpty()) {
            return empty;
        }
        tx.execute("set local lock_timeout = " + PATIENCE);
        tx.execute("lock table " + seen() + " in access exclusive mode");
        if (rows.underWay(tx).isEmpty()) {
            tx.execute("truncate " + seen());
            return true;
        }
        return false;
    }
}
