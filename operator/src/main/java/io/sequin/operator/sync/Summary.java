package io.sequin.operator.sync;

import io.sequin.data.Problem;
import io.sequin.data.Remedy;
import io.sequin.engine.ResyncProgress;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.TableProgress;
import io.sequin.engine.TableState;
import io.sequin.operator.kube.Finding;
import io.sequin.operator.kube.Stalling;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What {@code Ready} says about a running Sync: the table in docs/architecture.md, "What Ready means", row by row. Pure.
 *
 * @param ready the condition
 * @param outlook {@code Reconciling} or {@code Stalled}; empty where neither is true
 */
record Summary(Finding ready, Optional<Stalling.Outlook> outlook) {
    private static final int MOST_NAMES = 10;

    /**
     * @param lagLimit how far behind a live Sync may be
     * @param failingSince when the present trouble began
     */
    static Summary of(SyncSnapshot snapshot, Duration lagLimit, Instant failingSince, Instant now) {
        Optional<Problem> source = snapshot.source().filter(p -> !passes(p, snapshot));
        Optional<Problem> own = source.or(snapshot::schema);
        Optional<Problem> destination =
                snapshot.destination().filter(p -> !passes(p, snapshot) || !keepsUp(snapshot, now.minus(lagLimit)));
        if (destination.isPresent()) {
            return destinationFails(destination.get(), own, failingSince, now);
        }
        Optional<Parked> parked = Parked.of(snapshot, lagLimit, now);
        if (parked.isPresent()) {
            return good(SyncReason.QUOTA_PARKED, parked.get().message(now));
        }
        if (own.isPresent()) {
            return bad(own.get(), own.get().code().reason(), failingSince, now);
        }
        return byTables(snapshot, failingSince, now);
    }

    /** Trouble that is expected to pass by itself says nothing about a Sync that has begun: its lag does. */
    private static boolean passes(Problem problem, SyncSnapshot snapshot) {
        return problem.code().remedy() == Remedy.TRANSIENT && (snapshot.committed() || isLive(snapshot));
    }

    /** An empty source is live without any commit. */
    private static boolean isLive(SyncSnapshot snapshot) {
        List<TableProgress> tables = snapshot.offered();
        return !tables.isEmpty() && tables.stream().allMatch(t -> t.state() == TableState.LIVE);
    }

    private static boolean keepsUp(SyncSnapshot snapshot, Instant oldest) {
        return snapshot.caughtUp().filter(at -> !at.isBefore(oldest)).isPresent();
    }

    private static Summary destinationFails(Problem problem, Optional<Problem> own, Instant failingSince, Instant now) {
        Finding ready = Finding.no(Finding.READY, SyncProblem.DESTINATION_NOT_READY.reason(), problem.message());
        Stalling.Outlook outlook =
                own.map(p -> Stalling.of(p, failingSince, now)).orElseGet(() -> Stalling.waiting(problem));
        return new Summary(ready, Optional.of(outlook));
    }

    private static Summary byTables(SyncSnapshot snapshot, Instant failingSince, Instant now) {
        boolean none = snapshot.offered().isEmpty();
        List<TableProgress> tables = none ? snapshot.tables() : snapshot.offered();
        List<TableProgress> failing =
                tables.stream().filter(t -> t.problem().isPresent()).toList();
        long live = tables.stream().filter(t -> t.state() == TableState.LIVE).count();
        if (!failing.isEmpty() && failing.size() == tables.size()) {
            Problem first = failing.getFirst().problem().orElseThrow();
            return bad(first, SyncReason.TABLES_FAILING.text(), failingSince, now);
        }
        if (!snapshot.committed() && (tables.isEmpty() || live < tables.size())) {
            return starting("The first batch is not committed yet.");
        }
        if (!failing.isEmpty()) {
            return good(
                    SyncReason.TABLES_FAILING,
                    failing.size() + " of " + tables.size() + " tables fail: " + names(failing)
                            + ". Their messages are in status.tables.");
        }
        if (live < tables.size() || tables.isEmpty()) {
            return good(SyncReason.BACKFILLING, backfilling(tables));
        }
        Optional<Summary> resync = snapshot.resync().flatMap(Summary::byResync);
        if (resync.isPresent()) {
            return resync.get();
        }
        return good(SyncReason.LIVE, tables.size() == 1 ? "1 table is live." : tables.size() + " tables are live.");
    }

    /** All tables are live; empty where none is synced again. */
    private static Optional<Summary> byResync(ResyncProgress resync) {
        if (!resync.unknown().isEmpty()) {
            return Optional.of(good(
                    SyncReason.RESYNC_TABLE_UNKNOWN,
                    "spec.resync.tables names tables that this Sync does not fill: " + names(resync.unknown())
                            + ". No re-sync begins; all tables follow their changes. Correct the names: status.tables"
                            + " shows them."));
        }
        if (resync.left().isEmpty()) {
            return Optional.empty();
        }
        return waits(resync)
                .or(() -> Optional.of(good(
                        SyncReason.BACKFILLING,
                        "All tables follow their changes; synced again from the start: "
                                + (resync.left().size() == 1
                                        ? "1 table"
                                        : resync.left().size() + " tables")
                                + " to go, " + names(resync.left()) + ".")));
    }

    private static Optional<Summary> waits(ResyncProgress resync) {
        List<String> tables = List.copyOf(resync.waiting().keySet());
        return resync.waiting().values().stream().findFirst().map(first -> {
            String message = TableNotices.withOthers(first.message(), tables.subList(1, tables.size()));
            return new Summary(Finding.yes(Finding.READY, first.code().reason(), message), Optional.empty());
        });
    }

    static Summary starting(String message) {
        String reason = SyncReason.STARTING.text();
        return new Summary(
                Finding.unknown(Finding.READY, reason, message),
                Optional.of(new Stalling.Outlook(Finding.yes(Finding.RECONCILING, reason, message), Optional.empty())));
    }

    static Summary good(SyncReason reason, String message) {
        return new Summary(Finding.yes(Finding.READY, reason.text(), message), Optional.empty());
    }

    static Summary bad(Problem problem, String reason, Instant failingSince, Instant now) {
        return new Summary(
                Finding.no(Finding.READY, reason, problem.message()),
                Optional.of(Stalling.of(problem, failingSince, now)));
    }

    /** After its first pass a table still lacks what changed meanwhile. */
    private static String backfilling(List<TableProgress> tables) {
        List<TableProgress> behind = tables.stream()
                .filter(table -> table.firstPassDone() && table.state() == TableState.BACKFILLING)
                .toList();
        return "The first pass is done for " + firstPasses(tables) + "."
                + (behind.isEmpty() ? "" : " Rows that changed meanwhile are being fetched: " + names(behind) + ".");
    }

    static String firstPasses(List<TableProgress> tables) {
        long done = tables.stream().filter(TableProgress::firstPassDone).count();
        return done + " of " + tables.size() + (tables.size() == 1 ? " table" : " tables");
    }

    static String names(List<TableProgress> failing) {
        return names(failing.stream().map(TableProgress::name).toList());
    }

    static String names(Collection<String> tables) {
        String names = tables.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
        int more = tables.size() - MOST_NAMES;
        return more > 0 ? names + " and " + more + " more" : names;
    }
}
