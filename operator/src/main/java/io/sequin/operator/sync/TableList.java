package io.sequin.operator.sync;

import io.sequin.api.v1alpha1.SyncStatus;
import io.sequin.api.v1alpha1.TableStatus;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.TableProgress;
import io.sequin.engine.TableState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tables of a Sync as its status lists them: at most {@value #MOST}, unhealthy ones first. Pure.
 *
 * @param tables the list
 * @param retained tables that were filled once and are not any more
 * @param total how many there are
 * @param live how many are live, of how many that the account has
 * @param rows in all of them
 * @param lastChange the newest change of a row; whole seconds
 */
record TableList(
        List<TableStatus> tables,
        List<String> retained,
        @Nullable Long total,
        @Nullable String live,
        @Nullable Long rows,
        @Nullable Instant lastChange) {
    /** An object has a size limit; thousands of tables would pass it. */
    static final int MOST = 200;

    /** From the loop's snapshot; while that knows no tables, as it was. */
    static TableList of(SyncView view) {
        Optional<SyncSnapshot> snapshot =
                view.snapshot().filter(s -> !s.tables().isEmpty());
        if (snapshot.isEmpty()) {
            SyncStatus last = view.last();
            return new TableList(
                    last.tables(),
                    last.retainedTables(),
                    last.tablesTotal(),
                    last.tablesLive(),
                    last.rows(),
                    last.lastChangeTime());
        }
        TableNotices notices = TableNotices.of(snapshot.get(), view.schema());
        List<TableProgress> all = snapshot.get().tables();
        List<TableProgress> offered = snapshot.get().offered();
        long live = offered.stream().filter(t -> t.state() == TableState.LIVE).count();
        List<TableStatus> shown = all.stream()
                .sorted(Comparator.comparingInt(table -> health(table, notices)))
                .limit(MOST)
                .map(table -> table(table, notices))
                .toList();
        return new TableList(
                shown,
                snapshot.get().retainedTables().stream().limit(MOST).toList(),
                (long) all.size(),
                live + "/" + offered.size(),
                all.stream().mapToLong(TableProgress::rows).sum(),
                seconds(snapshot.get().lastChange()));
    }

    private static int health(TableProgress table, TableNotices notices) {
        return switch (table.state()) {
            case FAILING -> 0;
            case BACKFILLING -> 1;
            case PENDING -> 2;
            case NOT_OFFERED -> 3;
            case LIVE -> table.problem().isPresent() ? 0 : notices.isNoted(table) ? 1 : 4;
        };
    }

    private static TableStatus table(TableProgress table, TableNotices notices) {
        Long percent = table.firstPassDone() ? Long.valueOf(100) : null;
        return new TableStatus(
                table.name(),
                table.state().text(),
                table.rows(),
                percent,
                seconds(table.lastChange()),
                notices.message(table),
                table.errors() > 0 ? Long.valueOf(table.errors()) : null);
    }

    private static @Nullable Instant seconds(Optional<Instant> time) {
        return time.map(t -> t.truncatedTo(ChronoUnit.SECONDS)).orElse(null);
    }
}
