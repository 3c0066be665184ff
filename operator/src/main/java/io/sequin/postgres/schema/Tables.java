package io.sequin.postgres.schema;

import io.sequin.data.Instruction;
import io.sequin.data.NewColumns;
import io.sequin.data.Problem;
import io.sequin.data.TablePhase;
import io.sequin.data.TableShape;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.TableException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The synced tables of a schema: created, grown, never dropped or narrowed. */
public final class Tables {
    private final String schema;
    private final TableRecords records;
    private final Evolution evolution;
    private final ParentIndex index;
    private final CascadingKeys cascading;
    private final RowsGone gone;

    public Tables(String schema, TableRecords records, NewColumns newColumns) {
        this.schema = schema;
        this.evolution = new Evolution(schema, newColumns);
        this.index = new ParentIndex(schema);
        this.cascading = new CascadingKeys(schema);
        this.records = records;
        this.gone = new RowsGone(schema, records, RowCount.usual());
    }

    /**
     * A table that is there.
     *
     * @param anew it was not there before, was emptied, not filled for a while, or filled from a later day on: its first pass starts
     *     from the start
     * @param fresh it is empty, in its first pass and exactly as we create it: rows may be copied straight into it
     * @param shape how it is to be written: names and types of its columns are the table's own
     * @param promotes values are to be promoted before anything is written to it
     * @param notices what a person should look at, though it works: columns whose type is not the source's, a missing
     *     index, deletes that take live rows along
     */
    public record Ensured(
            TableRecord record,
            boolean anew,
            boolean fresh,
            TableShape shape,
            boolean promotes,
            List<Problem> notices) {}

    /**
     * Creates the table or adds missing columns, and records it. A recorded table that someone dropped is created anew
     * and starts again with its first pass, as does one that someone, or a crash, has emptied. The caller checks the fence after it.
     *
     * @param floor its list begins at this time; empty: with all there is
     * @throws TableException TABLE_CONFLICT where a relation of that name is not ours, TABLE_ALTERED where its key
     *     can't tell its rows apart any more, or it is unlogged
     * @throws io.sequin.postgres.PostgresException MISSING_GRANTS
     */
    public Ensured ensure(Transaction tx, TableShape shape, Optional<Instant> floor) throws SQLException {
        SchemaFacts facts = SchemaFacts.read(tx, schema);
        if (facts.exists()) {
            facts.requireUse();
        }
        Optional<TableRecord> recorded = records.lock(tx, shape.name());
        List<StoredColumn> stored = records.columns(tx, shape.name());
        Optional<Relation> relation = Relation.find(tx, schema, shape.name());
        Map<String, String> existing = relation.isPresent() ? relation.get().columns(tx) : Map.of();
        TableShape named = shared(ColumnNames.of(shape, stored, existing.keySet()), shape);
        Ensured ensured = relation.isPresent()
                ? grow(tx, facts, named, relation.get(), existing, recorded, stored, floor)
                : new Ensured(create(tx, named, stored), true, true, named, false, List.of());
        records.floor(tx, ensured.record(), floor);
        return ensured;
    }

    private TableRecord create(Transaction tx, TableShape shape, List<StoredColumn> stored) throws SQLException {
        tx.execute(new TableDefinition(schema, shape).create());
        index.create(tx, shape);
        return records.start(tx, shape, stored);
    }

    private Ensured grow(
            Transaction tx,
            SchemaFacts facts,
            TableShape shape,
            Relation relation,
            Map<String, String> existing,
            Optional<TableRecord> recorded,
            List<StoredColumn> stored,
            Optional<Instant> floor)
            throws SQLException {
        if (recorded.isEmpty() || !relation.kind().equals("r")) {
            throw foreign(shape.name(), relation);
        }
        if (!relation.ours()) {
            throw handedOver(shape.name(), relation, facts);
        }
        TableKey.require(schema, shape, relation, existing);
        TableRecord before = recorded.get();
        long rows = before.rows() + before.marked();
        if (relation.unlogged()) {
            throw Unlogged.refusal(schema, shape.name(), relation.owner(), rows > 0 && relation.bare());
        }
        Optional<RowGrowth> taken = gone.find(tx, before, relation, existing);
        Evolution.Evolved evolved = evolution.evolve(tx, shape, relation, existing, stored, rows);
        TableShape grown = shared(evolved.shape(), shape);
        TableDefinition definition = new TableDefinition(schema, grown);
        List<Problem> notices = notices(tx, evolved, grown, relation, rows);
        records.columns(tx, grown, stored);
        Optional<PendingPromotion> pending = records.promotion(tx, shape.name());
        if (rows > 0 && !evolved.promote().isEmpty()) {
            pending = Optional.of(pending.orElse(PendingPromotion.NONE).and(evolved.promote()));
            records.promotion(tx, shape.name(), pending);
        }
        boolean anew = before.phase() == TablePhase.RETAINED
                || taken.isPresent()
                || evolved.lost()
                || records.isListedFromLater(tx, shape.name(), floor);
        RowGrowth lost = taken.orElse(unmarked(before, existing));
        TableRecord record = anew ? records.apply(tx, shape.name(), TablePhase.FIRST_PASS, lost) : before;
        if (record.errors() > 0) {
            record = records.recount(tx, record);
        }
        boolean fresh = record.phase() == TablePhase.FIRST_PASS
                && record.rows() == 0
                && relation.hasPrimaryKey()
                && definition.hasOurTypes(existing)
                && isEmpty(tx, definition);
        return new Ensured(record, anew, fresh, grown, pending.isPresent(), notices);
    }

    private List<Problem> notices(
            Transaction tx, Evolution.Evolved evolved, TableShape grown, Relation relation, long rows)
            throws SQLException {
        Optional<Problem> unindexed = index.ensure(tx, grown, relation, rows);
        Optional<Problem> cascades = cascading.of(tx, grown.name(), relation);
        return Stream.of(evolved.drift(), unindexed, cascades)
                .flatMap(Optional::stream)
                .toList();
    }

    /** Without the column that marks rows as deleted they are rows like all others. */
    private static RowGrowth unmarked(TableRecord before, Map<String, String> existing) {
        long unmarked = existing.containsKey(TableDefinition.DELETED_AT) ? 0 : before.marked();
        return new RowGrowth(false, unmarked, -unmarked, 0);
    }

    /** Where the table is just as the source describes it: that description, which all Syncs of the source share. */
    private static TableShape shared(TableShape stored, TableShape offered) {
        return stored.equals(offered) ? offered : stored;
    }

    private static boolean isEmpty(Transaction tx, TableDefinition definition) throws SQLException {
        return tx.first("select 1 from only " + definition.qualified() + " limit 1", row -> true)
                .isEmpty();
    }

    private TableException foreign(String table, Relation relation) {
        String message = "Schema " + Identifier.quote(schema) + " already has a relation " + Identifier.quote(table)
                + " of role " + relation.owner() + " that this operator did not create; rename or move it";
        return new TableException(table, Problem.of(PostgresProblem.TABLE_CONFLICT, message), null, null);
    }

    private TableException handedOver(String table, Relation relation, SchemaFacts facts) {
        String name = Identifier.quote(schema, table);
        String message = "Table " + name + " now belongs to role " + relation.owner() + ", whose rights user "
                + facts.user() + " does not have";
        Instruction cure = new Instruction(
                "Give table " + name + " back to " + facts.user(),
                "a superuser, or a member of both roles",
                "alter table " + name + " owner to " + Identifier.quote(facts.user()) + ";");
        return new TableException(
                table,
                new Problem(PostgresProblem.TABLE_CONFLICT, message, List.of(cure), Optional.empty()),
                null,
                null);
    }
}
