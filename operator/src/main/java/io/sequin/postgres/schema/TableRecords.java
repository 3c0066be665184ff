package io.sequin.postgres.schema;

import io.sequin.data.Problem;
import io.sequin.data.TablePhase;
import io.sequin.data.TableShape;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.SqlState;
import io.sequin.postgres.TableException;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What {@code _sync_table} records: which tables are ours and how far they have come. */
public final class TableRecords {
    /**
     * The owner of a table that is unlogged; nothing for one that has no index on the columns of its key any more, which
     * MERGE does without, where any columns are bound; null for one that is as it should be. Asked with each batch, since
     * no write tells.
     */
    private static final String ALTERED =
            ", (select case c.relpersistence when 'u' then pg_get_userbyid(c.relowner)::text"
                    + " else '' end from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                    + " cross join (select ?::text[] as names) k"
                    + " where (c.relpersistence = 'u' or (k.names <> '{}' and not exists (select from pg_index i"
                    + " join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]"
                    + " where i.indrelid = c.oid and i.indisvalid and i.indpred is null and a.attname::text = any (k.names))))"
                    + " and n.nspname = ? and c.relname = t.\"name\"::name)";

    /** The file of the table that is bound: TRUNCATE gives it another one. */
    private static final String FILE = "pg_relation_filenode(?::text::regclass)";

    private final String schema;

    public TableRecords(String schema) {
        this.schema = schema;
    }

    private String table() {
        return Identifier.quote(schema, StateTables.TABLE);
    }

    private String errors() {
        return Identifier.quote(schema, StateTables.ERROR);
    }

    /** All of them. */
    public List<TableRecord> all(Transaction tx) throws SQLException {
        return tx.list("select " + TableRecord.COLUMNS + " from " + table(), TableRecord::read);
    }

    /** Whether any of the tables holds a row of ours, also one marked as deleted. */
    public boolean holdRows(Transaction tx) throws SQLException {
        return tx.first("select 1 from " + table() + " where \"rows\" > 0 or \"marked\" > 0 limit 1", row -> true)
                .isPresent();
    }

    /** One of them, locked until the transaction ends. */
    Optional<TableRecord> lock(Transaction tx, String name) throws SQLException {
        return tx.first(
                "select " + TableRecord.COLUMNS + " from " + table() + " where \"name\" = ? for update",
                TableRecord::read,
                name);
    }

    /** Records a table that was just created, or created anew: empty, its first pass ahead. */
    TableRecord start(Transaction tx, TableShape shape, List<StoredColumn> before) throws SQLException {
        tx.update("delete from " + errors() + " where \"table\" = ?", shape.name());
        tx.update(
                "insert into " + table() + " (\"name\", \"columns\", \"phase\", \"file\") values (?, ?::jsonb, ?, "
                        + FILE + ") on conflict (\"name\") do update set \"columns\" = excluded.\"columns\","
                        + " \"file\" = excluded.\"file\","
                        + " \"phase\" = excluded.\"phase\", \"rows\" = 0, \"marked\" = 0, \"errors\" = 0, \"promotion\" = null,"
                        + " \"purge\" = null, \"last_change\" = null",
                shape.name(),
                StoredColumn.json(shape, before),
                TablePhase.FIRST_PASS.name(),
                Identifier.quote(schema, shape.name()));
        return new TableRecord(shape.name(), TablePhase.FIRST_PASS, 0, Optional.empty(), 0, 0);
    }

    /** Records that all but these are not filled any more; returns those that are not. */
    public Set<String> retainOthers(Transaction tx, Set<String> selected) throws SQLException {
        Array names = tx.connection().createArrayOf("text", selected.toArray());
        tx.update(
                "update " + table() + " set \"phase\" = ? where \"phase\" <> ? and not (\"name\" = any (?))",
                TablePhase.RETAINED.name(),
                TablePhase.RETAINED.name(),
                names);
        return new TreeSet<>(tx.list(
                "select \"name\" from " + table() + " where not (\"name\" = any (?))", row -> row.getString(1), names));
    }

    private TableRecord unaltered(ResultSet row) throws SQLException {
        TableRecord record = TableRecord.read(row);
        String owner = row.getString(7);
        if (owner != null && owner.isEmpty()) {
            throw noIndex(record.name());
        }
        if (owner != null) {
            throw Unlogged.refusal(schema, record.name(), owner, false);
        }
        return record;
    }

    /** As the server refuses it where the statement needs one: what explains that, explains this. */
    private TableException noIndex(String name) {
        String message = "Table " + Identifier.quote(schema, name)
                + " has no index any more by which its rows are found: add its primary key again";
        return new TableException(
                name, Problem.of(PostgresProblem.TABLE_ALTERED, message), SqlState.INVALID_COLUMN_REFERENCE, null);
    }

    /** Counts the records set aside anew: users may delete what they have seen. */
    TableRecord recount(Transaction tx, TableRecord record) throws SQLException {
        long count = tx.first(
                        "select count(*) from " + errors() + " where \"table\" = ?",
                        row -> row.getLong(1),
                        record.name())
                .orElse(0L);
        RowGrowth growth = new RowGrowth(false, 0, 0, count - record.errors());
        return apply(tx, record.name(), null, growth);
    }

    /** The columns of a table, those that the source does not have any more as well; none where it is not recorded. */
    List<StoredColumn> columns(Transaction tx, String name) throws SQLException {
        return tx.first("select \"columns\" from " + table() + " where \"name\" = ?", row -> row.getString(1), name)
                .map(StoredColumn::parse)
                .orElse(List.of());
    }

    /** Records the columns, and the file as it is now, where they differ from what is recorded. */
    void columns(Transaction tx, TableShape shape, List<StoredColumn> before) throws SQLException {
        String columns = StoredColumn.json(shape, before);
        String file = Identifier.quote(schema, shape.name());
        tx.update(
                "update " + table() + " set \"columns\" = ?::jsonb, \"file\" = " + FILE + " where \"name\" = ?"
                        + " and (\"columns\" <> ?::jsonb or \"file\" is distinct from " + FILE + ")",
                columns,
                file,
                shape.name(),
                columns,
                file);
    }

    /**
     * Whether a table has another file than when its columns were recorded, and all its rows can be seen. False where no
     * file was recorded.
     */
    boolean isMoved(Transaction tx, String name, Relation relation) throws SQLException {
        return tx.first(
                        "select true from " + table()
                                + " where \"name\" = ? and \"file\" <> pg_relation_filenode(?::oid)"
                                + " and not row_security_active(?::oid)",
                        row -> true,
                        name,
                        relation.oid(),
                        relation.oid())
                .isPresent();
    }

    /** Whether what was made from this time on, or all there is, was not listed all. */
    boolean isListedFromLater(Transaction tx, String name, Optional<Instant> floor) throws SQLException {
        return tx.first(
                        "select true from " + table() + " where \"name\" = ? and \"floor\" is not null"
                                + " and (?::timestamptz is null or \"floor\" > ?::timestamptz)",
                        row -> row.getBoolean(1),
                        name,
                        text(floor),
                        text(floor))
                .isPresent();
    }

    /**
     * Records from when on a table is listed: where it is live the list that reached its end counts, whatever is listed
     * later.
     */
    void floor(Transaction tx, TableRecord record, Optional<Instant> floor) throws SQLException {
        if (record.phase() == TablePhase.FIRST_PASS) {
            tx.update(
                    "update " + table() + " set \"floor\" = ?::timestamptz where \"name\" = ?"
                            + " and \"floor\" is distinct from ?::timestamptz",
                    text(floor),
                    record.name(),
                    text(floor));
        }
    }

    private static @Nullable String text(Optional<Instant> time) {
        return time.map(Instant::toString).orElse(null);
    }

    /** What is to be promoted in a table. */
    public Optional<PendingPromotion> promotion(Transaction tx, String name) throws SQLException {
        return tx.first(
                        "select \"promotion\" from " + table() + " where \"name\" = ? and \"promotion\" is not null",
                        row -> row.getString(1),
                        name)
                .map(PendingPromotion::parse);
    }

    /** Records that, or that nothing is. */
    public void promotion(Transaction tx, String name, Optional<PendingPromotion> pending) throws SQLException {
        tx.update(
                "update " + table() + " set \"promotion\" = ?::jsonb where \"name\" = ?",
                pending.map(PendingPromotion::json).orElse(null),
                name);
    }

    /** Which rows marked as deleted are to go. */
    public Optional<PendingPurge> purge(Transaction tx, String name) throws SQLException {
        return tx.first(
                        "select \"purge\" from " + table() + " where \"name\" = ? and \"purge\" is not null",
                        row -> row.getString(1),
                        name)
                .map(PendingPurge::parse);
    }

    /** Records that; empty: none are, where any were. */
    public void purge(Transaction tx, String name, Optional<PendingPurge> pending) throws SQLException {
        String json = pending.map(PendingPurge::json).orElse(null);
        tx.update(
                "update " + table() + " set \"purge\" = ?::jsonb where \"name\" = ?"
                        + " and \"purge\" is distinct from ?::jsonb",
                json,
                name,
                json);
    }

    /**
     * Records what a batch did to a table.
     *
     * @param phase the new one; null: as it was
     * @throws io.sequin.postgres.TableException TABLE_ALTERED where the table is unlogged, so that no row may be trusted to it,
     *     or has no index
     */
    public TableRecord apply(Transaction tx, String name, @Nullable TablePhase phase, RowGrowth growth)
            throws SQLException {
        return apply(tx, name, phase, growth, List.of());
    }

    /**
     * The same for a table that rows were written to.
     *
     * @param keys columns of its key, of which one has to be the first of an index; none: that is not looked at
     */
    public TableRecord apply(
            Transaction tx, String name, @Nullable TablePhase phase, RowGrowth growth, List<String> keys)
            throws SQLException {
        Array indexed = tx.connection().createArrayOf("text", keys.toArray());
        Optional<TableRecord> record = phase == null && growth.isNone()
                ? tx.first(
                        "select " + TableRecord.COLUMNS + ALTERED + " from " + table() + " t where t.\"name\" = ?",
                        this::unaltered,
                        indexed,
                        schema,
                        name)
                : tx.first(
                        "update " + table()
                                + " t set \"phase\" = coalesce(?::text, \"phase\"), \"rows\" = \"rows\" + ?,"
                                + " \"marked\" = greatest(0, \"marked\" + ?), \"errors\" = \"errors\" + ?, \"last_change\" = case when ? then now() else \"last_change\" end"
                                + " where \"name\" = ? returning " + TableRecord.COLUMNS + ALTERED,
                        this::unaltered,
                        phase == null ? null : phase.name(),
                        growth.rows(),
                        growth.marked(),
                        growth.errors(),
                        growth.changed(),
                        name,
                        indexed,
                        schema);
        return record.orElseThrow(() -> new PostgresException(
                Problem.of(
                        PostgresProblem.STORAGE_MISSING,
                        "Table " + Identifier.quote(name) + " is not recorded in " + table() + " any more"),
                null,
                null));
    }
}
