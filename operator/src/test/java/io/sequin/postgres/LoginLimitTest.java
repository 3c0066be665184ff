package io.sequin.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.credentials.SecretValue;
import io.sequin.data.HostPort;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LoginLimitTest {
    private static final HostPort DB = new HostPort("db", 5432);
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

    private Instant now = START;
    private final LoginLimit limit = new LoginLimit(() -> now);

    @Test
    void fiveRefusalsInFiveMinutesAndNoMore() {
        for (int i = 0; i < 5; i++) {
            assertThat(limit.notBefore(DB, login("a"))).isEmpty();
            limit.refused(DB, login("a"));
            now = now.plusSeconds(10);
        }
        assertThat(limit.notBefore(DB, login("a"))).contains(START.plus(Duration.ofMinutes(5)));
        now = START.plus(Duration.ofMinutes(5));
        assertThat(limit.notBefore(DB, login("a"))).isEmpty();
        limit.refused(DB, login("a"));
        assertThat(limit.notBefore(DB, login("a"))).contains(START.plus(Duration.ofSeconds(310)));
    }

    @Test
    void anotherPasswordMayTryAtOnce() {
        refuseFiveTimes();
        assertThat(limit.notBefore(DB, login("b"))).isEmpty();
    }

    @Test
    void anotherUserOrServerIsNotConcerned() {
        refuseFiveTimes();
        assertThat(limit.notBefore(new HostPort("other", 5432), login("a"))).isEmpty();
        assertThat(limit.notBefore(DB, new Login(SecretValue.of("else"), SecretValue.of("a"), Optional.empty())))
                .isEmpty();
        assertThat(limit.notBefore(DB, login("a"))).isPresent();
    }

    @Test
    void anAcceptedLoginClearsThePast() {
        refuseFiveTimes();
        limit.accepted(DB, login("a"));
        assertThat(limit.notBefore(DB, login("a"))).isEmpty();
    }

    @Test
    void aClockThatWasSetBackLocksOutForFiveMinutesAndNoLonger() {
        refuseFiveTimes();
        now = START.minus(Duration.ofHours(3));
        assertThat(limit.notBefore(DB, login("a"))).contains(now.plus(Duration.ofMinutes(5)));
        now = now.plus(Duration.ofMinutes(5));
        assertThat(limit.notBefore(DB, login("a"))).isEmpty();
    }

    private void refuseFiveTimes() {
        for (int i = 0; i < 5; i++) {
            limit.refused(DB, login("a"));
        }
    }

    private static Login login(String password) {
        return new Login(SecretValue.of("sequin"), SecretValue.of(password), Optional.empty());
    }
}
