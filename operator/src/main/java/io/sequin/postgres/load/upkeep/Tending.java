package io.sequin.postgres.load.upkeep;

import io.sequin.data.Deletes;
import io.sequin.data.Problem;
import io.sequin.data.TableShape;
import io.sequin.data.WriteRules;
import io.sequin.postgres.TableException;
import io.sequin.postgres.load.TableStatus;
import io.sequin.postgres.load.Upkeep;
import io.sequin.postgres.load.refusal.LateChecks;
import io.sequin.postgres.schema.Fence;
import io.sequin.postgres.schema.TableRecord;
import io.sequin.postgres.schema.TableRecords;
import io.sequin.postgres.schema.Tables;
import io.sequin.postgres.schema.Transactions;
import java.util.List;
import java.util.stream.Stream;

/** What making sure of one table leaves to be done, some rows a transaction. For one thread at a time. */
public final class Tending {
    private final Transactions transactions;
    private final LateChecks late;
    private final Fence fence;
    private final WriteRules rules;
    private final String schema;
    private final TableShape shape;
    private final TableRecords records;
    private final List<Problem> found;
    private volatile TableStatus now;

    /** @param ensured the table as it was made sure of */
    public Tending(
            String schema,
            Transactions transactions,
            LateChecks late,
            Fence fence,
            WriteRules rules,
            TableRecords records,
            Tables.Ensured ensured) {
        this.transactions = transactions;
        this.late = late;
        this.fence = fence;
        this.rules = rules;
        this.schema = schema;
        this.shape = ensured.shape();
        this.records = records;
        this.found = ensured.notices();
        this.now = TableStatus.of(ensured.record()).with(found, Upkeep.PROMOTE);
        if (!ensured.promotes()) {
            this.now = promoted(ensured.record());
        }
    }

    /** The table as it was when it was last looked at. */
    public TableStatus now() {
        return now;
    }

    /** Does some of what is left. */
    public TableStatus some() {
        switch (now.left()) {
            case NONE -> {}
            case PROMOTE ->
                promotion().some(late, fence).ifPresent(record -> {
                    now = promoted(record);
                });
            case PURGE, PURGE_REFUSED -> now = purge();
        }
        return now;
    }

    private Promotion promotion() {
        return new Promotion(schema, shape, records);
    }

    private MarkedRows marked() {
        return new MarkedRows(schema, shape, records);
    }

    private TableStatus promoted(TableRecord record) {
        return rules.deletes() == Deletes.HARD && record.marked() > 0
                ? known(marked().ask(transactions, fence, record, rules.confirm()))
                : known(TableStatus.of(record));
    }

    private TableStatus purge() {
        try {
            return known(marked().some(late, fence));
        } catch (TableException e) {
            // a constraint of the user's keeps them: the table goes on, and its counters may have moved
            return known(marked().now(transactions).with(List.of(e.problem()), Upkeep.PURGE_REFUSED));
        }
    }

    private TableStatus known(TableStatus status) {
        return status.with(
                Stream.concat(found.stream(), status.notices().stream()).toList(), status.left());
    }
}
