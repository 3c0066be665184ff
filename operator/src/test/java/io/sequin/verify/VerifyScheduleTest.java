package io.sequin.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.HostPort;
import io.sequin.data.Problem;
import io.sequin.postgres.Link;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.ServerFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VerifyScheduleTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final HostPort DB = new HostPort("db", 5432);
    private static final DestinationSnapshot GOOD = Verdict.of(Observed.server(
            DB,
            new ServerFacts(
                    180000,
                    new Link(DB, "off", false),
                    "u",
                    false,
                    false,
                    "default",
                    false,
                    false,
                    "d",
                    "o",
                    true,
                    true,
                    "s",
                    false)));
    private static final Problem REFUSED = Problem.of(PostgresProblem.CONNECTION_REFUSED, "nobody listens");

    private final VerifySchedule schedule = new VerifySchedule(Duration.ofSeconds(60), new Random(7));

    @Test
    void whileAllIsWellTheIntervalIsKeptWithTenPercentOfJitter() {
        List<Duration> waits = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            waits.add(schedule.after(GOOD, NOW));
        }
        assertThat(waits).allMatch(w -> w.toMillis() >= 54_000 && w.toMillis() <= 66_000);
        assertThat(waits.stream().distinct().count()).isGreaterThan(100);
    }

    @Test
    void failuresAreRetriedSoonThenLessOftenUpToTheInterval() {
        DestinationSnapshot bad = failed(REFUSED);
        int[] expected = {5, 10, 20, 40, 60, 60};
        for (int seconds : expected) {
            assertThat(schedule.after(bad, NOW).toMillis()).isBetween(seconds * 900L, seconds * 1100L);
        }
    }

    @Test
    void aSuccessOrAChangeStartsTheRetriesAnew() {
        DestinationSnapshot bad = failed(REFUSED);
        schedule.after(bad, NOW);
        schedule.after(bad, NOW);
        schedule.after(GOOD, NOW);
        assertThat(schedule.after(bad, NOW).toMillis()).isBetween(4500L, 5500L);
        schedule.after(bad, NOW);
        schedule.changed();
        assertThat(schedule.after(bad, NOW).toMillis()).isBetween(4500L, 5500L);
    }

    @Test
    void theLimitOfRefusedLoginsIsWaitedFor() {
        DestinationSnapshot limited =
                failed(Problem.of(PostgresProblem.AUTHENTICATION_FAILED, "no").retryingAt(NOW.plusSeconds(200)));
        assertThat(schedule.after(limited, NOW)).isEqualTo(Duration.ofSeconds(200));
    }

    private static DestinationSnapshot failed(Problem problem) {
        return Verdict.of(Observed.noSession(DB, problem));
    }
}
