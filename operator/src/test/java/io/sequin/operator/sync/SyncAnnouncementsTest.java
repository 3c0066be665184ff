package io.sequin.operator.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.api.v1alpha1.Condition;
import io.sequin.api.v1alpha1.SyncStatus;
import io.sequin.api.v1alpha1.TableStatus;
import io.sequin.operator.kube.Announcement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SyncAnnouncementsTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    private final SyncAnnouncements announcements = new SyncAnnouncements();

    private List<Announcement> between(@Nullable SyncStatus before, SyncStatus after) {
        return announcements.between(SyncSamples.sync(null), before, after);
    }

    private static SyncStatus status(String ready, String reason, String backfill, TableStatus... tables) {
        return status(ready, reason, backfill, 1L, tables);
    }

    private static SyncStatus status(String ready, String reason, String backfill, Long rows, TableStatus... tables) {
        return status(
                List.of(condition("Ready", ready, reason), condition("BackfillComplete", backfill, "Any")),
                rows,
                tables);
    }

    private static SyncStatus status(List<Condition> conditions, Long rows, TableStatus... tables) {
        SyncStatus none = SyncView.NO_STATUS;
        return new SyncStatus(
                1L,
                conditions,
                none.source(),
                none.schema(),
                none.storageId(),
                List.of(),
                List.of(tables),
                2L,
                "2/2",
                rows,
                null,
                List.of());
    }

    private static Condition condition(String type, String status, String reason) {
        return new Condition(type, status, 1L, NOW, reason, "words");
    }

    private static TableStatus table(String name, String state, @Nullable String message) {
        return new TableStatus(name, state, 1L, null, null, message);
    }

    @Test
    void theFirstVerdictAndTheEndOfTheBackfillAreTold() {
        assertThat(between(null, status("True", "Backfilling", "False")))
                .containsExactly(Announcement.normal("Backfilling", "words"));
        assertThat(between(status("True", "Backfilling", "False"), status("True", "Live", "True")))
                .containsExactly(
                        Announcement.normal("Live", "words"),
                        Announcement.normal("BackfillComplete", "Every table's first pass is done: 2/2 live, 1 rows."));
    }

    @Test
    void whatOnlyCountsOnIsNotTold() {
        TableStatus live = table("charge", "Live", "");
        assertThat(between(status("True", "Live", "True", 1L, live), status("True", "Live", "True", 9L, live)))
                .isEmpty();
        assertThat(between(status("True", "Live", "True"), status("Unknown", "Starting", "True")))
                .isEmpty();
    }

    @Test
    void tablesThatFailAtOnceAreOneEventAndSoAreThoseThatRecover() {
        SyncStatus good =
                status("True", "Live", "True", table("charge", "Live", null), table("customer", "Live", null));
        SyncStatus bad = status(
                "True",
                "TablesFailing",
                "True",
                table("charge", "Failing", "No right."),
                table("customer", "Failing", "Gone."));
        assertThat(between(good, bad))
                .containsExactly(
                        Announcement.warning("TablesFailing", "words"),
                        Announcement.warning("TableFailing", "charge: No right. customer: Gone."));
        assertThat(between(bad, good))
                .containsExactly(
                        Announcement.normal("Live", "words"),
                        Announcement.normal("TableRecovered", "No longer failing: charge, customer."));
    }

    @Test
    void aTableThatGoesOnFailingIsToldOnce() {
        SyncStatus one = status("True", "TablesFailing", "True", table("charge", "Failing", "No right."));
        SyncStatus other = status("True", "TablesFailing", "True", table("charge", "Failing", "Still no right."));
        assertThat(between(one, other)).isEmpty();
        assertThat(between(one, status("True", "TablesFailing", "True"))).isEmpty();
    }

    @Test
    void aQuotaUsedUpIsAWarningThoughTheSyncIsReady() {
        assertThat(between(status("True", "Live", "True"), status("True", "QuotaParked", "True")))
                .containsExactly(Announcement.warning("QuotaParked", "words"));
    }

    @Test
    void troubleOfTheDestinationNamesIt() {
        assertThat(between(status("True", "Live", "True"), status("False", "DestinationNotReady", "True")))
                .singleElement()
                .satisfies(told -> assertThat(told.related())
                        .isEqualTo(Optional.of(
                                new Announcement.Related("sequin.io/v1alpha1", "Destination", "warehouse"))));
    }

    @Test
    void aDestinationThatIsBeingVerifiedIsNoVerdictAndOneThatFailedIs() {
        SyncStatus verifying = waiting("Unknown");
        SyncStatus failed = waiting("False");
        assertThat(between(null, verifying)).isEmpty();
        assertThat(between(verifying, failed))
                .singleElement()
                .satisfies(told -> assertThat(told.reason()).isEqualTo("DestinationNotReady"));
        assertThat(between(failed, failed)).isEmpty();
        assertThat(between(verifying, status("True", "Backfilling", "False")))
                .containsExactly(Announcement.normal("Backfilling", "words"));
    }

    private static SyncStatus waiting(String destinationReady) {
        String reason = "DestinationNotReady";
        return status(
                List.of(condition("Ready", "False", reason), condition("DestinationReady", destinationReady, reason)),
                0L);
    }
}
