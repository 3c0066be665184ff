package io.sequin.operator.sync;

import io.sequin.api.v1alpha1.Condition;
import io.sequin.api.v1alpha1.Destination;
import io.sequin.data.Problem;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.TableProgress;
import io.sequin.operator.kube.Conditions;
import io.sequin.operator.kube.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The conditions of a Sync beside its summary. Pure. */
final class SyncFindings {
    private static final Duration LEAST_LAG = Duration.ofMinutes(5);

    private SyncFindings() {}

    /** Findings about a loop that has published. */
    static List<Finding> of(SyncView view, SyncSnapshot snapshot, Finding ready, Instant now) {
        List<Finding> findings = new ArrayList<>();
        findings.add(destination(view));
        findings.add(stage(
                SyncCondition.SOURCE_READY,
                source(view, snapshot, now),
                snapshot.sourceReached(),
                SyncReason.REACHABLE,
                "The source answers."));
        findings.add(schema(view, snapshot));
        if (!snapshot.tables().isEmpty()) {
            // while the tables aren't known what was known before stays
            findings.add(backfill(snapshot.offered()));
        }
        findings.add(upToDate(view, snapshot, ready, now));
        return findings;
    }

    /** Tables whose columns or records ask for a look make no trouble: the schema is ready, and says so. */
    private static Finding schema(SyncView view, SyncSnapshot snapshot) {
        SyncCondition condition = SyncCondition.SCHEMA_READY;
        if (snapshot.schema().isEmpty() && snapshot.schemaTaken()) {
            Optional<Problem> notice = TableNotices.first(snapshot.tables());
            if (notice.isPresent()) {
                return Finding.yes(
                        condition.type(),
                        notice.get().code().reason(),
                        notice.get().message());
            }
            Optional<String> setAside = SetAside.message(snapshot.tables(), view.schema());
            if (setAside.isPresent()) {
                return Finding.yes(condition.type(), SyncReason.RECORDS_SET_ASIDE.text(), setAside.get());
            }
        }
        return stage(
                condition,
                snapshot.schema(),
                snapshot.schemaTaken(),
                SyncReason.CLAIMED,
                "The schema " + view.schema() + " is ours and its tables are there.");
    }

    /** The trouble with the source; where that is a long wait, with its end. */
    private static Optional<Problem> source(SyncView view, SyncSnapshot snapshot, Instant now) {
        return Parked.of(snapshot, lagLimit(view.pollInterval()), now)
                .map(parked -> Problem.of(parked.problem().code(), parked.source(now)))
                .or(snapshot::source);
    }

    /** Findings where no loop runs. */
    static List<Finding> idle(SyncView view, String reason, String message) {
        List<Finding> findings = new ArrayList<>();
        findings.add(destination(view));
        findings.add(Finding.unknown(SyncCondition.SOURCE_READY.type(), reason, message));
        findings.add(Finding.unknown(SyncCondition.SCHEMA_READY.type(), reason, message));
        if (Conditions.find(view.last().conditions(), SyncCondition.BACKFILL_COMPLETE.type())
                .filter(known -> !Finding.State.UNKNOWN.text().equals(known.status()))
                .isEmpty()) {
            findings.add(Finding.unknown(SyncCondition.BACKFILL_COMPLETE.type(), reason, message));
        }
        Finding.State state = begun(view) ? Finding.State.FALSE : Finding.State.UNKNOWN;
        findings.add(new Finding(SyncCondition.UP_TO_DATE.type(), state, reason, message));
        return findings;
    }

    /** The Destination as the loop meets it, and where that is well, as its own status says. */
    static Finding destination(SyncView view) {
        String type = SyncCondition.DESTINATION_READY.type();
        Optional<Problem> met = view.snapshot().flatMap(SyncSnapshot::destination);
        if (met.isPresent()) {
            return Finding.no(type, met.get().code().reason(), met.get().message());
        }
        if (view.destination().isEmpty()) {
            String message = view.decision() instanceof SyncDecision.Await await
                    ? await.problem().message()
                    : "The Destination that spec.destinationRef names does not exist in this namespace: create it.";
            return Finding.no(type, SyncProblem.DESTINATION_NOT_FOUND.reason(), message);
        }
        Destination destination = view.destination().get();
        if (SyncDecision.isReady(destination)) {
            return Finding.yes(
                    type,
                    SyncReason.CONNECTED.text(),
                    "Destination " + destination.getMetadata().getName() + " is ready.");
        }
        Problem problem = SyncDecision.notReady(destination);
        Finding.State state = failed(destination) ? Finding.State.FALSE : Finding.State.UNKNOWN;
        return new Finding(type, state, problem.code().reason(), problem.message());
    }

    private static boolean failed(Destination destination) {
        return destination.getStatus() != null
                && Conditions.is(destination.getStatus().conditions(), Finding.READY, Finding.State.FALSE);
    }

    private static Finding stage(
            SyncCondition condition, Optional<Problem> problem, boolean reached, SyncReason good, String message) {
        if (problem.isPresent()) {
            return Finding.no(
                    condition.type(),
                    problem.get().code().reason(),
                    problem.get().message());
        }
        return reached
                ? Finding.yes(condition.type(), good.text(), message)
                : Finding.unknown(condition.type(), SyncReason.NOT_REACHED.text(), "Not checked yet.");
    }

    private static Finding backfill(List<TableProgress> tables) {
        String type = SyncCondition.BACKFILL_COMPLETE.type();
        String message = "The first pass is done for " + Summary.firstPasses(tables) + ".";
        return tables.stream().allMatch(TableProgress::firstPassDone)
                ? Finding.yes(type, SyncReason.COMPLETE.text(), message)
                : Finding.no(type, SyncReason.BACKFILLING.text(), message);
    }

    private static Finding upToDate(SyncView view, SyncSnapshot snapshot, Finding ready, Instant now) {
        String type = SyncCondition.UP_TO_DATE.type();
        if (!snapshot.committed() && !begun(view) && ready.state() != Finding.State.TRUE) {
            return Finding.unknown(type, SyncReason.NOT_REACHED.text(), "Nothing is committed yet.");
        }
        if (!ready.reason().equals(SyncReason.LIVE.text())) {
            return Finding.no(type, ready.reason(), ready.message());
        }
        Duration limit = lagLimit(view.pollInterval());
        if (snapshot.caughtUp().isEmpty()) {
            return Finding.no(type, SyncReason.CATCHING_UP.text(), "The first poll for changes is not completed yet.");
        }
        return snapshot.caughtUp().get().isBefore(now.minus(limit))
                ? Finding.no(
                        type,
                        SyncReason.LAGGING.text(),
                        "Changes of the last " + limit.toMinutes() + " minutes or more are not applied yet"
                                + snapshot.source().map(p -> ": " + p.message()).orElse("."))
                : Finding.yes(type, SyncReason.LIVE.text(), "Every change of the source is applied.");
    }

    /** How far behind counts as up to date. */
    static Duration lagLimit(Duration pollInterval) {
        Duration thrice = pollInterval.multipliedBy(3);
        return thrice.compareTo(LEAST_LAG) > 0 ? thrice : LEAST_LAG;
    }

    /** Whether a batch was committed in an earlier life of the loop, as far as the status tells. */
    private static boolean begun(SyncView view) {
        return Conditions.find(view.last().conditions(), SyncCondition.UP_TO_DATE.type())
                .map(Condition::status)
                .filter(status -> !Objects.equals(status, Finding.State.UNKNOWN.text()))
                .isPresent();
    }
}
