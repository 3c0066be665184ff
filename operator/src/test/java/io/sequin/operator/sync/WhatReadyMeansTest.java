package io.sequin.operator.sync;

import static io.sequin.operator.sync.SyncSamples.T0;
import static io.sequin.operator.sync.SyncSamples.failing;
import static io.sequin.operator.sync.SyncSamples.line;
import static io.sequin.operator.sync.SyncSamples.notOffered;
import static io.sequin.operator.sync.SyncSamples.reached;
import static io.sequin.operator.sync.SyncSamples.table;
import static io.sequin.operator.sync.SyncSamples.view;
import static io.sequin.operator.sync.SyncSamples.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sequin.api.v1alpha1.SyncStatus;
import io.sequin.data.Problem;
import io.sequin.data.ProblemCode;
import io.sequin.data.Remedy;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.TableState;
import io.sequin.operator.kube.Conditions;
import io.sequin.postgres.PostgresProblem;
import io.sequin.source.SourceProblem;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The table "What Ready means", row by row. */
class WhatReadyMeansTest {
    private static final Instant NOW = T0.plusSeconds(600);
    private static final Problem REJECTED = Problem.of(PostgresProblem.RECORD_REJECTED, "charge ch_1: bad byte.");
    private static final Problem REVOKED = Problem.of(SourceProblem.AUTHENTICATION_FAILED, "The key is revoked.");
    private static final Problem QUOTA =
            Problem.of(SourceProblem.RATE_LIMITED, "Slow down").retryingAt(NOW.plusSeconds(3_600));
    private static final Problem BRIEF_QUOTA =
            Problem.of(SourceProblem.RATE_LIMITED, "Slow down.").retryingAt(NOW.plusSeconds(2));
    private static final Problem SOURCE_DOWN = Problem.of(SourceProblem.UNAVAILABLE, "HTTP 503.");
    private static final Problem RESET = Problem.of(SourceProblem.UNREACHABLE, "Connection reset.");
    private static final Problem CUT = Problem.of(PostgresProblem.CONNECTION_LOST, "The connection was cut.");
    private static final Problem DOWN = Problem.of(PostgresProblem.CONNECTION_REFUSED, "Nobody listens.");
    private static final Problem TAKEN = Problem.of(PostgresProblem.SCHEMA_CONFLICT, "Another Sync's.");

    private static final SyncSnapshot LIVE = reached(true, Optional.of(NOW), table("a", TableState.LIVE));

    private static final SyncSnapshot BACKFILLING =
            reached(true, Optional.empty(), table("a", TableState.BACKFILLING), table("b", TableState.LIVE));

    static Stream<Arguments> rows() {
        Optional<Problem> none = Optional.empty();
        return Stream.of(
                arguments(
                        "before the first committed batch",
                        reached(false, none.map(p -> NOW), table("a", TableState.BACKFILLING)),
                        "Unknown Starting",
                        "Unknown NotReached",
                        "Reconciling"),
                arguments(
                        "a wrong key before the first committed batch",
                        with(reached(false, Optional.empty()), none, Optional.of(REVOKED), none),
                        "False AuthenticationFailed",
                        "Unknown NotReached",
                        "Reconciling"),
                arguments(
                        "another's schema",
                        with(reached(false, Optional.empty()), none, none, Optional.of(TAKEN)),
                        "False SchemaConflict",
                        "Unknown NotReached",
                        "Stalled"),
                arguments(
                        "backfill running, first batch committed",
                        reached(
                                true,
                                Optional.empty(),
                                table("a", TableState.BACKFILLING),
                                table("b", TableState.LIVE)),
                        "True Backfilling",
                        "False Backfilling",
                        ""),
                arguments("live", LIVE, "True Live", "True Live", ""),
                arguments(
                        "live, first poll not completed",
                        reached(true, Optional.empty(), table("a", TableState.LIVE)),
                        "True Live",
                        "False CatchingUp",
                        ""),
                arguments(
                        "live, too far behind",
                        reached(true, Optional.of(NOW.minusSeconds(301)), table("a", TableState.LIVE)),
                        "True Live",
                        "False Lagging",
                        ""),
                arguments(
                        "live, a little behind",
                        reached(true, Optional.of(NOW.minusSeconds(299)), table("a", TableState.LIVE)),
                        "True Live",
                        "True Live",
                        ""),
                arguments(
                        "an empty source",
                        reached(false, Optional.of(NOW), table("a", TableState.LIVE)),
                        "True Live",
                        "True Live",
                        ""),
                arguments(
                        "quota used up",
                        with(LIVE, none, Optional.of(QUOTA), none),
                        "True QuotaParked",
                        "False QuotaParked",
                        ""),
                arguments(
                        "quota used up in the first pass",
                        with(BACKFILLING, none, Optional.of(QUOTA), none),
                        "True QuotaParked",
                        "False QuotaParked",
                        ""),
                arguments(
                        "backfill running, one 429",
                        with(BACKFILLING, none, Optional.of(BRIEF_QUOTA), none),
                        "True Backfilling",
                        "False Backfilling",
                        ""),
                arguments(
                        "quota used up before the first committed batch",
                        with(reached(false, Optional.empty()), none, Optional.of(QUOTA), none),
                        "False RateLimited",
                        "Unknown NotReached",
                        "Reconciling"),
                arguments(
                        "live, one 503",
                        with(LIVE, none, Optional.of(SOURCE_DOWN), none),
                        "True Live",
                        "True Live",
                        ""),
                arguments(
                        "live, one reset connection",
                        with(LIVE, none, Optional.of(RESET), none),
                        "True Live",
                        "True Live",
                        ""),
                arguments(
                        "live, one 429",
                        with(LIVE, none, Optional.of(BRIEF_QUOTA), none),
                        "True Live",
                        "True Live",
                        ""),
                arguments(
                        "live, the source down for too long",
                        with(
                                reached(true, Optional.of(NOW.minusSeconds(301)), table("a", TableState.LIVE)),
                                none,
                                Optional.of(SOURCE_DOWN),
                                none),
                        "True Live",
                        "False Lagging",
                        ""),
                arguments(
                        "an empty source, one 503",
                        with(
                                reached(false, Optional.of(NOW), table("a", TableState.LIVE)),
                                none,
                                Optional.of(SOURCE_DOWN),
                                none),
                        "True Live",
                        "True Live",
                        ""),
                arguments(
                        "backfill running, one 503",
                        with(
                                reached(true, Optional.empty(), table("a", TableState.BACKFILLING)),
                                none,
                                Optional.of(SOURCE_DOWN),
                                none),
                        "True Backfilling",
                        "False Backfilling",
                        ""),
                arguments(
                        "a 503 before the first committed batch",
                        with(reached(false, Optional.empty()), none, Optional.of(SOURCE_DOWN), none),
                        "False SourceUnavailable",
                        "Unknown NotReached",
                        "Reconciling"),
                arguments(
                        "live, one connection to the database cut",
                        with(LIVE, Optional.of(CUT), none, none),
                        "True Live",
                        "True Live",
                        ""),
                arguments(
                        "live, the database cut off for too long",
                        with(
                                reached(true, Optional.of(NOW.minusSeconds(301)), table("a", TableState.LIVE)),
                                Optional.of(CUT),
                                none,
                                none),
                        "False DestinationNotReady",
                        "False DestinationNotReady",
                        "Reconciling"),
                arguments(
                        "some tables failing",
                        reached(true, Optional.of(NOW), table("a", TableState.LIVE), failing("b", REJECTED)),
                        "True TablesFailing",
                        "False TablesFailing",
                        ""),
                arguments(
                        "a product that the account does not have",
                        reached(true, Optional.of(NOW), table("a", TableState.LIVE), notOffered("b")),
                        "True Live",
                        "True Live",
                        ""),
                arguments(
                        "all tables failing",
                        reached(true, Optional.of(NOW), failing("a", REJECTED), failing("b", REJECTED)),
                        "False TablesFailing",
                        "False TablesFailing",
                        "Reconciling"),
                arguments(
                        "key revoked while live",
                        with(LIVE, none, Optional.of(REVOKED), none),
                        "False AuthenticationFailed",
                        "False AuthenticationFailed",
                        "Reconciling"),
                arguments(
                        "database down while live",
                        with(LIVE, Optional.of(DOWN), none, none),
                        "False DestinationNotReady",
                        "False DestinationNotReady",
                        "Reconciling"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void eachRowHolds(String what, SyncSnapshot snapshot, String ready, String upToDate, String trouble) {
        SyncStatus status = status(snapshot, SyncView.NO_STATUS, NOW);
        assertThat(line(status, "Ready")).isEqualTo(ready);
        assertThat(line(status, "UpToDate")).isEqualTo(upToDate);
        for (String type : new String[] {"Reconciling", "Stalled"}) {
            if (type.equals(trouble)) {
                assertThat(line(status, type)).startsWith("True");
            } else {
                assertThat(line(status, type)).isEmpty();
            }
        }
        assertThat(status.observedGeneration()).isEqualTo(1);
    }

    @Test
    void aParkedSyncSaysUntilWhenAndNothingMovesUntilThen() {
        SyncSnapshot parked = with(LIVE, Optional.empty(), Optional.of(QUOTA), Optional.empty());
        SyncStatus status = status(parked, SyncView.NO_STATUS, NOW);
        String until =
                DateTimeFormatter.ofPattern("HH:mm").withZone(ZoneOffset.UTC).format(NOW.plusSeconds(3_600));
        assertThat(message(status, "Ready")).isEqualTo("Parked until " + until + " UTC: Slow down.");
        assertThat(message(status, "UpToDate")).isEqualTo(message(status, "Ready"));
        assertThat(message(status, "SourceReady")).endsWith("it is asked again at " + until + " UTC");
        for (int minute = 1; minute < 60; minute++) {
            assertThat(status(parked, status, NOW.plusSeconds(60L * minute))).isEqualTo(status);
        }
    }

    @Test
    void aParkingThatEndsAnotherDaySaysWhichDay() {
        Problem quota = Problem.of(SourceProblem.RATE_LIMITED, "Enough").retryingAt(NOW.plusSeconds(3 * 86_400));
        SyncStatus status =
                status(with(LIVE, Optional.empty(), Optional.of(quota), Optional.empty()), SyncView.NO_STATUS, NOW);
        assertThat(message(status, "Ready")).startsWith("Parked until 2026-");
    }

    private static SyncStatus status(SyncSnapshot snapshot, SyncStatus last, Instant now) {
        SyncDecision run = SyncDecision.of(
                SyncSamples.sync(null), Optional.of(SyncSamples.destination("True", 1)), "cluster", false);
        return SyncStatusProjection.project(view(run, Optional.of(snapshot), true, last), now)
                .status();
    }

    private static String message(SyncStatus status, String type) {
        return Objects.requireNonNull(
                Conditions.find(status.conditions(), type).orElseThrow().message());
    }

    @ParameterizedTest
    @MethodSource("allRemedies")
    void aSyncWhoseOnlyTroubleIsItsDestinationNeverStalls(Remedy remedy) {
        record Code(String reason, Remedy remedy) implements ProblemCode {}
        SyncSnapshot down =
                with(LIVE, Optional.of(Problem.of(new Code("Down", remedy), "")), Optional.empty(), Optional.empty());
        Summary dayLater = Summary.of(down, Duration.ofMinutes(5), T0, NOW.plusSeconds(86_400));
        assertThat(dayLater.outlook().orElseThrow().finding().type()).isEqualTo("Reconciling");
    }

    static Stream<Remedy> allRemedies() {
        return Stream.of(Remedy.values());
    }
}
