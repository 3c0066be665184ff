package io.sequin.operator.sync;

import io.sequin.api.v1alpha1.SyncStatus;
import io.sequin.data.Problem;
import io.sequin.operator.kube.Conditions;
import io.sequin.operator.kube.Finding;
import io.sequin.operator.kube.Resources;
import io.sequin.operator.kube.Text;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The status of a Sync whose data is being dropped: what the deletion waits for, and until when. Pure. */
final class DeletionStatus {
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

    private DeletionStatus() {}

    /**
     * @param problem of the last try; empty while there was none
     * @param until when it is given up
     */
    static SyncStatus of(
            SyncStatus last, long generation, String schema, Optional<Problem> problem, Instant until, Instant now) {
        String reason = SyncReason.DELETING.text();
        List<Finding> findings = new ArrayList<>();
        if (problem.isEmpty()) {
            String message = "The data in schema " + schema + " is being dropped.";
            findings.add(Finding.unknown(Finding.READY, reason, message));
            findings.add(Finding.yes(Finding.RECONCILING, reason, message));
        } else {
            String then = last.storageId() == null
                    ? "; this Sync is not known to have data in schema " + schema + ". To let go now, set"
                    : "; then the data in schema " + schema + " is left behind. To keep the data and let go now, set";
            String message = Text.sentence(problem.get().message()) + " It is tried again until " + CLOCK.format(until)
                    + then + " spec.deletionPolicy to Retain.";
            findings.add(Finding.no(Finding.READY, reason, message));
            findings.add(Finding.no(
                    SyncCondition.SCHEMA_READY.type(),
                    problem.get().code().reason(),
                    problem.get().message()));
            findings.add(Finding.yes(Finding.RECONCILING, reason, message));
        }
        return new SyncStatus(
                generation,
                Conditions.next(last.conditions(), findings, Set.of(), generation, now),
                last.source(),
                last.schema(),
                last.storageId(),
                last.retainedTables(),
                last.tables(),
                last.tablesTotal(),
                last.tablesLive(),
                last.rows(),
                last.lastChangeTime(),
                Resources.instructions(problem.map(Problem::cure).orElse(List.of())));
    }
}
