package io.sequin.loop;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * How loops are run.
 *
 * @param name begins the names of their threads
 * @param join how long a loop that is told to stop may take before it is left behind
 * @param permitCheck how often loops at rest are told whether the permit is granted
 * @param crashes the wait after a crash
 * @param clock for heartbeats
 * @param random for jitter; used by many threads
 * @param logContext what each log line of a key's threads carries (SLF4J's MDC)
 */
public record LoopSettings<K>(
        String name,
        Duration join,
        Duration permitCheck,
        Backoff crashes,
        Clock clock,
        RandomGenerator random,
        Function<K, Map<String, String>> logContext) {

    /** The values of production: 10 s to stop, the permit looked at each second, crashes retried after 1 s to 5 min. */
    public static <K> LoopSettings<K> of(
            String name, Clock clock, RandomGenerator random, Function<K, Map<String, String>> logContext) {
        Backoff crashes = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5));
        return new LoopSettings<>(
                name, Duration.ofSeconds(10), Duration.ofSeconds(1), crashes, clock, random, logContext);
    }
}
