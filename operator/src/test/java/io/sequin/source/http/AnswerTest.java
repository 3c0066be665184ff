package io.sequin.source.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What headers say. */
class AnswerTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    private static Answer with(Map<String, String> headers) {
        Map<String, List<String>> all =
                headers.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, e -> List.of(e.getValue())));
        return new Answer(429, HttpHeaders.of(all, (name, value) -> true), new byte[0]);
    }

    @Test
    void aWaitInSecondsCountsFromNow() {
        assertThat(with(Map.of("Retry-After", "30")).retryAt(NOW)).contains(NOW.plusSeconds(30));
        assertThat(with(Map.of("retry-after", " 0.5 ")).retryAt(NOW)).contains(NOW.plusMillis(500));
    }

    @Test
    void aWaitUntilADateIsMeasuredByTheServersClock() {
        Answer ahead =
                with(Map.of("Retry-After", "Sun, 22 Nov 2026 11:00:20 GMT", "Date", "Sun, 22 Nov 2026 11:00:00 GMT"));

        assertThat(ahead.retryAt(NOW)).contains(NOW.plusSeconds(20));
        assertThat(with(Map.of("Retry-After", "Sun, 22 Nov 2026 10:00:09 GMT")).retryAt(NOW))
                .contains(NOW.plusSeconds(9));
    }

    @Test
    void aWaitIsAnHourAtMost() {
        assertThat(with(Map.of("Retry-After", "86400")).retryAt(NOW)).contains(NOW.plusSeconds(3600));
        assertThat(with(Map.of("Retry-After", "Fri, 01 Jan 2100 00:00:00 GMT")).retryAt(NOW))
                .contains(NOW.plusSeconds(3600));
    }

    @Test
    void anUnreadableWaitIsNone() {
        assertThat(with(Map.of("Retry-After", "soon")).retryAt(NOW)).isEmpty();
        assertThat(with(Map.of("Retry-After", "99999999999999999999")).retryAt(NOW))
                .isEmpty();
        assertThat(with(Map.of("Retry-After", "-5")).retryAt(NOW)).isEmpty();
        assertThat(with(Map.of()).retryAt(NOW)).isEmpty();
    }

    @Test
    void theServersClockIsReadToTheSecond() {
        assertThat(with(Map.of("Date", "Sun, 22 Nov 2026 10:00:01 GMT")).date()).contains(NOW.plusSeconds(1));
        assertThat(with(Map.of("Date", "yesterday")).date()).isEmpty();
    }
}
