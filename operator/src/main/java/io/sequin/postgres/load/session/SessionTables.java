package io.sequin.postgres.load.session;

import io.sequin.data.SmallMap;
import io.sequin.data.TablePhase;
import io.sequin.data.WriteRules;
import io.sequin.postgres.load.TableStatus;
import io.sequin.postgres.load.refusal.LateChecks;
import io.sequin.postgres.load.row.RowShape;
import io.sequin.postgres.load.row.RowShapes;
import io.sequin.postgres.load.table.TableTarget;
import io.sequin.postgres.load.upkeep.Tending;
import io.sequin.postgres.schema.Fence;
import io.sequin.postgres.schema.TableRecords;
import io.sequin.postgres.schema.Tables;
import io.sequin.postgres.schema.Transactions;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The tables that a session has made sure of: how each is written, and what is left to do with its rows. */
final class SessionTables {
    private final String schema;
    private final WriteRules rules;
    private final Transactions transactions;
    private final LateChecks late;
    private final TableRecords records;
    private final RowShapes shapes;
    private final SmallMap<String, TableTarget> targets = new SmallMap<>();
    private final SmallMap<String, Tending> tended = new SmallMap<>();
    private final AtomicInteger stages = new AtomicInteger();

    SessionTables(
            String schema,
            WriteRules rules,
            Transactions transactions,
            LateChecks late,
            TableRecords records,
            RowShapes shapes) {
        this.schema = schema;
        this.rules = rules;
        this.transactions = transactions;
        this.late = late;
        this.records = records;
        this.shapes = shapes;
    }

    /** From now on the table is written as it was found. */
    TableStatus ensured(Tables.Ensured found, int majorVersion, Fence fence) {
        RowShape shape = shapes.of(found.shape());
        String stage = "_sync_stage_" + stages.incrementAndGet();
        targets.put(shape.name(), new TableTarget(schema, shape, rules.deletes(), majorVersion, stage, found));
        Tending tending = new Tending(schema, transactions, late, fence, rules, records, found);
        tended.put(shape.name(), tending);
        know(shape.name(), tending.now());
        return tending.now();
    }

    /** How it is written; null where it was not made sure of. */
    @Nullable
    TableTarget find(String table) {
        return targets.now().get(table);
    }

    /** How it is written. */
    TableTarget target(String table) {
        return targets.get(table).orElseThrow(() -> notEnsured(table));
    }

    /** What making sure of it has left. */
    Tending tending(String table) {
        return tended.get(table).orElseThrow(() -> notEnsured(table));
    }

    /** The columns of its key; none where it was not made sure of. */
    List<String> keys(String table) {
        return targets.get(table).map(target -> target.shape().keyNames()).orElse(List.of());
    }

    /** Its phase was committed. */
    void settle(String table, TablePhase phase) {
        if (phase == TablePhase.LIVE) {
            targets.get(table).ifPresent(TableTarget::noLongerFresh);
        }
    }

    /** This is what the database records of it. */
    void know(String table, TableStatus status) {
        targets.get(table).ifPresent(target -> target.committed(status));
    }

    private static IllegalStateException notEnsured(String table) {
        return new IllegalStateException("table " + table + " was not ensured in this session");
    }
}
