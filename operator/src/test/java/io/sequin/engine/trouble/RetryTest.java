package io.sequin.engine.trouble;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Problem;
import io.sequin.data.ProblemCode;
import io.sequin.loop.Backoff;
import io.sequin.postgres.PostgresProblem;
import io.sequin.source.SourceProblem;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final Retry retry = new Retry(new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60)), new Random(1));

    @Test
    void aRejectedRecordIsTriedAgainAfterMinutesAtFirstAndAnHourAtMost() {
        retry.fail(of(PostgresProblem.RECORD_REJECTED), NOW, Duration.ZERO);
        assertThat(retry.due()).isBetween(NOW.plusSeconds(300), NOW.plusSeconds(600));
        for (int i = 0; i < 20; i++) {
            retry.fail(of(PostgresProblem.RECORD_REJECTED), NOW, Duration.ZERO);
        }
        assertThat(retry.due()).isBetween(NOW.plusSeconds(1800), NOW.plusSeconds(3600));
    }

    @Test
    void aWakeTriesARejectedRecordAtOnce() {
        retry.fail(of(PostgresProblem.RECORD_REJECTED), NOW, Duration.ZERO);
        retry.wake(NOW);
        assertThat(retry.isDue(NOW)).isTrue();
    }

    @Test
    void aWakeWaitsForTheTimeThatASourceNamesAndNotForTheNextLogin() {
        Instant later = NOW.plusSeconds(300);
        retry.fail(at(Trouble.Area.SOURCE, SourceProblem.RATE_LIMITED, later), NOW, Duration.ZERO);
        retry.wake(NOW);
        assertThat(retry.due()).isEqualTo(later);

        retry.fail(at(Trouble.Area.DESTINATION, PostgresProblem.AUTHENTICATION_FAILED, later), NOW, Duration.ZERO);
        assertThat(retry.due()).isEqualTo(later);
        retry.wake(NOW);
        assertThat(retry.isDue(NOW)).as("the password may be another one").isTrue();
    }

    @Test
    void aWakeLooksForAProductThoughTheSourceNamesATimeWhichIsOurOwn() {
        retry.fail(at(Trouble.Area.SOURCE, SourceProblem.NOT_OFFERED, NOW.plusSeconds(3600)), NOW, Duration.ZERO);
        assertThat(retry.due()).isEqualTo(NOW.plusSeconds(3600));
        retry.wake(NOW);
        assertThat(retry.isDue(NOW)).isTrue();
    }

    @Test
    void rejectionsAndOtherTroubleAreCountedEachByThemselves() {
        for (int i = 0; i < 6; i++) {
            retry.fail(of(PostgresProblem.LOCK_TIMEOUT), NOW, Duration.ZERO);
        }
        retry.fail(of(PostgresProblem.RECORD_REJECTED), NOW, Duration.ZERO);
        assertThat(retry.due()).as("as the first one").isBetween(NOW.plusSeconds(300), NOW.plusSeconds(600));
        assertThat(retry.failures()).isEqualTo(6);

        retry.succeed();
        for (int i = 0; i < 6; i++) {
            retry.fail(of(PostgresProblem.RECORD_REJECTED), NOW, Duration.ZERO);
        }
        retry.fail(of(PostgresProblem.LOCK_TIMEOUT), NOW, Duration.ZERO);
        assertThat(retry.due()).isBefore(NOW.plusSeconds(2));
    }

    @Test
    void whatAnotherLaneMeetsPutsOffNothingThatIsDueEarlier() {
        retry.failBeside(of(PostgresProblem.RECORD_REJECTED), NOW);
        assertThat(retry.due()).isAfterOrEqualTo(NOW.plusSeconds(300));
        retry.failBeside(of(PostgresProblem.LOCK_TIMEOUT), NOW);
        Instant soon = retry.due();
        assertThat(soon).isBefore(NOW.plusSeconds(2));
        retry.failBeside(of(PostgresProblem.RECORD_REJECTED), NOW);
        assertThat(retry.due()).isEqualTo(soon);

        retry.succeed();
        retry.failBeside(of(PostgresProblem.RECORD_REJECTED), NOW);
        assertThat(retry.due()).as("nothing is wrong beside it").isAfterOrEqualTo(NOW.plusSeconds(300));
    }

    @Test
    void whatAnotherLaneMeetsDuringATryDoesNotWaitForWhatTheTryMet() {
        retry.failBeside(of(PostgresProblem.LOCK_TIMEOUT), NOW.plusSeconds(5));
        Instant soon = retry.due();
        retry.fail(of(PostgresProblem.RECORD_REJECTED), NOW.plusSeconds(6), Duration.ofSeconds(3));
        assertThat(retry.due()).as("the try had begun before").isEqualTo(soon);

        retry.fail(of(PostgresProblem.RECORD_REJECTED), NOW.plusSeconds(20), Duration.ofSeconds(3));
        assertThat(retry.due()).as("this one looked at it").isAfterOrEqualTo(NOW.plusSeconds(320));
    }

    @Test
    void whatIsRejectedOfNoTableInParticularStopsAllAndIsTriedAgainSoon() {
        Trouble ofAll = of(PostgresProblem.RECORD_REJECTED).ofArea();
        retry.fail(ofAll, NOW, Duration.ZERO);
        assertThat(retry.due()).isBefore(NOW.plusSeconds(2));
    }

    @Test
    void otherTroubleIsTriedAgainSoon() {
        retry.fail(of(PostgresProblem.DELETE_REFUSED), NOW, Duration.ZERO);
        assertThat(retry.due()).isBefore(NOW.plusSeconds(2));
    }

    @Test
    void aClockThatIsSetBackDelaysNothing() {
        retry.rest(NOW, Duration.ofSeconds(30));
        assertThat(retry.isDue(NOW.plusSeconds(29))).isFalse();
        assertThat(retry.isDue(NOW.minus(Duration.ofHours(3)))).isTrue();

        retry.fail(of(PostgresProblem.RECORD_REJECTED), NOW, Duration.ZERO);
        assertThat(retry.isDue(NOW.minus(Duration.ofHours(3)))).isTrue();
    }

    @Test
    void whatIsStoppedWaitsForAWakeWhateverTheClock() {
        retry.rest(NOW, Duration.ofSeconds(30));
        retry.stop();
        assertThat(retry.isDue(NOW.minus(Duration.ofHours(3)))).isFalse();

        retry.wake(NOW.minus(Duration.ofHours(3)));
        assertThat(retry.isDue(NOW.minus(Duration.ofHours(3)))).isTrue();
    }

    private static Trouble at(Trouble.Area area, ProblemCode code, Instant notBefore) {
        return new Trouble(area, Optional.empty(), Problem.of(code, "no").retryingAt(notBefore));
    }

    private static Trouble of(PostgresProblem code) {
        return new Trouble(Trouble.Area.SCHEMA, Optional.of("charge"), Problem.of(code, "no"));
    }
}
