package io.sequin.operator.sync;

import io.sequin.api.v1alpha1.Condition;
import io.sequin.api.v1alpha1.SyncResyncStatus;
import io.sequin.api.v1alpha1.SyncSourceStatus;
import io.sequin.api.v1alpha1.SyncStatus;
import io.sequin.data.Instruction;
import io.sequin.data.Problem;
import io.sequin.engine.ResyncProgress;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.Troubles;
import io.sequin.operator.kube.Conditions;
import io.sequin.operator.kube.Finding;
import io.sequin.operator.kube.Resources;
import io.sequin.operator.kube.Stalling;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Projects what is known of a Sync onto its status. Pure. */
final class SyncStatusProjection {
    private static final Duration STOPPING = Duration.ofSeconds(1);
    private static final Set<String> BACKFILL = Set.of(SyncCondition.BACKFILL_COMPLETE.type());

    private SyncStatusProjection() {}

    /**
     * A status, and when it changes by the passing of time alone.
     *
     * @param status to be written unless it was
     */
    record Projected(SyncStatus status, Optional<Instant> next) {}

    static Projected project(SyncView view, Instant now) {
        return switch (view.decision()) {
            case SyncDecision.Suspend s -> view.running() ? stopping(view, now) : suspended(view, now);
            case SyncDecision.Refuse refuse -> refused(view, refuse.problem(), now);
            case SyncDecision.Await await -> awaiting(view, await.problem(), now);
            case SyncDecision.Run run -> running(view, now);
            case SyncDecision.Keep keep -> running(view, now);
        };
    }

    private static Projected running(SyncView view, Instant now) {
        Optional<Instant> opening = view.snapshot()
                .filter(s -> opensAgain(view, s))
                .map(s -> opensUntil(view, s))
                .filter(until -> until.isAfter(now));
        if (view.snapshot().isPresent() && opening.isEmpty()) {
            SyncSnapshot snapshot = view.snapshot().get();
            Instant since = Stalling.failingSince(view.last().conditions(), now);
            Summary summary = Summary.of(snapshot, SyncFindings.lagLimit(view.pollInterval()), since, now);
            List<Finding> findings = SyncFindings.of(view, snapshot, summary.ready(), now);
            return verdict(view, summary, findings, now);
        }
        if (view.observed() && !waited(view)) {
            return new Projected(view.last(), opening);
        }
        Projected starting = unsettled(
                opening.isPresent() ? view.withoutSnapshot() : view, Summary.starting("The Sync is starting."), now);
        return new Projected(starting.status(), opening.or(starting::next));
    }

    /**
     * A loop that begins anew and has met no trouble, of a Sync that was ready, as after a restart of the operator or
     * another password, or whose spec has changed: until the loop knows the tables again nothing is known of them.
     */
    private static boolean opensAgain(SyncView view, SyncSnapshot snapshot) {
        boolean known = view.observed()
                ? Conditions.is(view.last().conditions(), Finding.READY, Finding.State.TRUE)
                : view.last().observedGeneration() != null;
        return known
                && snapshot.troubles().equals(Troubles.NONE)
                && snapshot.tables().stream().allMatch(table -> table.problem().isEmpty())
                && !snapshot.schemaTaken();
    }

    /** By then changes may lag by more than a Sync that is up to date may. */
    private static Instant opensUntil(SyncView view, SyncSnapshot snapshot) {
        return snapshot.reached().since().plus(SyncFindings.lagLimit(view.pollInterval()));
    }

    private static Projected suspended(SyncView view, Instant now) {
        String message = "Suspended by spec.suspend; what was synced stays.";
        Summary summary = Summary.good(SyncReason.SUSPENDED, message);
        List<Finding> findings = new ArrayList<>(SyncFindings.idle(view, SyncReason.SUSPENDED.text(), message));
        findings.removeIf(f -> f.type().equals(SyncCondition.UP_TO_DATE.type()));
        findings.add(Finding.no(SyncCondition.UP_TO_DATE.type(), SyncReason.SUSPENDED.text(), message));
        return verdict(view, summary, findings, now);
    }

    private static Projected stopping(SyncView view, Instant now) {
        String reason = SyncReason.STOPPING.text();
        String message = "Suspended by spec.suspend; the work in hand is ending.";
        Summary summary = new Summary(
                Finding.unknown(Finding.READY, reason, message),
                Optional.of(new Stalling.Outlook(
                        Finding.yes(Finding.RECONCILING, reason, message), Optional.of(now.plus(STOPPING)))));
        return unsettled(view, summary, now);
    }

    private static Projected refused(SyncView view, Problem problem, Instant now) {
        Instant since = Stalling.failingSince(view.last().conditions(), now);
        Summary summary = Summary.bad(problem, problem.code().reason(), since, now);
        return verdict(view, summary, SyncFindings.idle(view, SyncReason.NOT_REACHED.text(), problem.message()), now);
    }

    private static Projected awaiting(SyncView view, Problem problem, Instant now) {
        Summary summary = new Summary(
                Finding.no(Finding.READY, problem.code().reason(), problem.message()),
                Optional.of(Stalling.waiting(problem)));
        return verdict(view, summary, SyncFindings.idle(view, problem.code().reason(), problem.message()), now);
    }

    /** Whether the last verdict was that the Destination keeps the Sync from starting. */
    private static boolean waited(SyncView view) {
        return Conditions.find(view.last().conditions(), Finding.READY)
                .map(Condition::reason)
                .filter(reason ->
                        Stream.of(SyncProblem.values()).anyMatch(p -> p.reason().equals(reason)))
                .isPresent();
    }

    /** The verdict on this generation. */
    private static Projected verdict(SyncView view, Summary summary, List<Finding> about, Instant now) {
        List<Finding> findings = new ArrayList<>();
        findings.add(summary.ready());
        findings.addAll(about);
        summary.outlook().ifPresent(outlook -> findings.add(outlook.finding()));
        List<Condition> conditions =
                Conditions.next(view.last().conditions(), findings, BACKFILL, view.generation(), now);
        return new Projected(status(view, view.generation(), conditions), next(summary));
    }

    /** No verdict on this generation yet: what was found about the last one stays, marked as such. */
    private static Projected unsettled(SyncView view, Summary summary, Instant now) {
        List<Finding> findings = new ArrayList<>();
        findings.add(summary.ready());
        findings.add(SyncFindings.destination(view));
        summary.outlook().ifPresent(outlook -> findings.add(outlook.finding()));
        List<Condition> conditions =
                Conditions.next(view.last().conditions(), findings, SyncCondition.TYPES, view.generation(), now);
        return new Projected(status(view, view.last().observedGeneration(), conditions), next(summary));
    }

    private static Optional<Instant> next(Summary summary) {
        return summary.outlook().flatMap(Stalling.Outlook::next);
    }

    private static SyncStatus status(SyncView view, @Nullable Long observed, List<Condition> conditions) {
        TableList tables = TableList.of(view);
        return new SyncStatus(
                observed,
                conditions,
                source(view),
                view.schema(),
                view.snapshot()
                        .flatMap(SyncSnapshot::storageId)
                        .orElse(view.last().storageId()),
                tables.retained(),
                tables.tables(),
                tables.total(),
                tables.live(),
                tables.rows(),
                tables.lastChange(),
                resync(view),
                Resources.instructions(cures(view)));
    }

    /** While nothing is known, as it was. */
    private static @Nullable SyncResyncStatus resync(SyncView view) {
        Optional<ResyncProgress> known = view.snapshot().flatMap(SyncSnapshot::resync);
        if (known.isEmpty()) {
            return view.last().resync();
        }
        String handled = known.get().handled().orElse(null);
        String running = known.get().running().orElse(null);
        return handled == null && running == null ? null : new SyncResyncStatus(handled, running);
    }

    private static SyncSourceStatus source(SyncView view) {
        SyncSourceStatus last = view.last().source();
        String account = view.snapshot()
                .flatMap(SyncSnapshot::account)
                .map(Object::toString)
                .orElse(last == null ? null : last.account());
        String type = view.source().isEmpty()
                ? view.source()
                : view.source().substring(0, 1).toUpperCase(Locale.ROOT)
                        + view.source().substring(1);
        return new SyncSourceStatus(type, account);
    }

    private static List<Instruction> cures(SyncView view) {
        return view.snapshot().stream()
                .flatMap(s -> Stream.of(
                                Stream.of(s.destination(), s.source(), s.schema())
                                        .flatMap(Optional::stream),
                                s.tables().stream()
                                        .flatMap(table -> TableNotices.of(s, view.schema()).problems(table).stream()))
                        .flatMap(problems -> problems))
                .flatMap(problem -> problem.cure().stream())
                .toList();
    }
}
