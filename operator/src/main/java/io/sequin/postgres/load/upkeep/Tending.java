package io.sequin.postgres.load.upkeep;

import io.sequin.data.Deletes;
import io.sequin.data.Problem;
import io.sequin.data.TableShape;
import io.sequin.data.WriteRules;
import io.sequin.postgres.TableException;
import io.sequin.postgres.load.PieceSize;
import io.sequin.postgres.load.TableStatus;
import io.sequin.postgres.load.Upkeep;
import io.sequin.postgres.load.refusal.LateChecks;
import io.sequin.postgres.schema.Fence;
import io.sequin.postgres.schema.Leftovers;
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
    private final PieceSize size = new PieceSize(MarkedRows.CHUNK);
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

    /**
     * Does some of what is left; less of it after it took too long.
     *
     * @param leftovers ends who of us is in the way
     * @throws TableException where values can't move into their columns, which nothing may be written before
     */
    public TableStatus some(Leftovers leftovers) {
        int most = size.rows();
        try {
            now = leftovers.outOfTheWay(fence, List.of(shape.name()), () -> size.of(most, () -> some(most)));
        } catch (TableException e) {
            now = PieceSize.isTooLong(e) && most > 1 ? again(e) : refused(e);
        }
        return now;
    }

    private TableStatus some(int most) {
        return switch (now.left()) {
            case NONE -> now;
            case PROMOTE ->
                promotion().some(late, fence, most).map(this::promoted).orElse(now);
            case PURGE, PURGE_REFUSED -> known(marked().some(late, fence, most));
        };
    }

    /** Less of it at once may pass; until then it says why it takes so long. */
    private TableStatus again(TableException e) {
        Upkeep left = now.left() == Upkeep.PROMOTE ? Upkeep.PROMOTE : Upkeep.PURGE;
        return known(now.with(List.of(e.problem()), left));
    }

    /** What keeps rows from being purged, or locks some, stops nothing: the table goes on, and its counters may have moved. */
    private TableStatus refused(TableException e) {
        if (now.left() == Upkeep.PROMOTE) {
            throw e;
        }
        return known(marked().now(transactions).with(List.of(e.problem()), Upkeep.PURGE_REFUSED));
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

    private TableStatus known(TableStatus status) {
        return status.with(
                Stream.concat(found.stream(), status.notices().stream()).toList(), status.left());
    }
}
