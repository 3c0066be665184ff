package io.sequin.source.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sequin.data.Change;
import io.sequin.data.RowKey;
import io.sequin.source.Lane;
import io.sequin.testkit.stripe.ApiKey;
import io.sequin.testkit.stripe.FakeStripe;
import io.sequin.testkit.stripe.Fault;
import io.sequin.testkit.stripe.FaultRule;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The key is nowhere but in the header: with every logger at its most talkative, the JDK's own too. */
class StripeSecrecyTest {
    private static final String CANARY = "sk_test_51CanaryQx7Zt9";

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final java.util.logging.Logger jdkRoot = java.util.logging.Logger.getLogger("");
    private final Level levelBefore = root.getLevel();
    private final java.util.logging.Level jdkLevelBefore = jdkRoot.getLevel();
    private final ListAppender<ILoggingEvent> ours = new ListAppender<>();
    private final List<LogRecord> jdks = new ArrayList<>();
    private final Handler jdkHandler = new Handler() {
        @Override
        public synchronized void publish(LogRecord entry) {
            jdks.add(entry);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private final StripeBench bench = new StripeBench(FakeStripe.start(), Duration.ofSeconds(2));

    @BeforeEach
    void listen() {
        ours.start();
        root.addAppender(ours);
        root.setLevel(Level.TRACE);
        jdkHandler.setLevel(java.util.logging.Level.ALL);
        jdkRoot.addHandler(jdkHandler);
        jdkRoot.setLevel(java.util.logging.Level.ALL);
        bench.key.set(CANARY);
        bench.stripe.keys().add(ApiKey.secret(CANARY, FakeStripe.ACCOUNT));
    }

    @AfterEach
    void stop() {
        root.detachAppender(ours);
        root.setLevel(levelBefore);
        jdkRoot.removeHandler(jdkHandler);
        jdkRoot.setLevel(jdkLevelBefore);
        bench.close();
    }

    @Test
    void noFailureAndNoLogHoldsTheKey() {
        List<Throwable> failures = new ArrayList<>();
        bench.stripe.data().seed(1, 5, 5, 5);
        Lane lane = bench.backfill(StripeTables.get("charge"));
        bench.read(lane, lane.start());
        for (Fault fault : List.of(
                new Fault.RateLimited(Optional.empty()),
                new Fault.ServerError(500),
                new Fault.Forbidden(),
                new Fault.DropMidBody(),
                new Fault.TruncatedBody(),
                new Fault.NotJson(),
                new Fault.Hang())) {
            bench.stripe.faults().add(FaultRule.always(fault));
            failures.add(catchThrowable(() -> bench.read(lane, lane.start())));
            failures.add(catchThrowable(
                    () -> bench.session.fetch(List.of(new Change.Hint("charge", RowKey.of("ch_1"), false)))));
            bench.stripe.faults().clear();
        }
        bench.stripe.keys().revoke(CANARY);
        failures.add(catchThrowable(bench.session::sourceNow));
        bench.stripe.keys().remove(CANARY);
        failures.add(catchThrowable(bench.session::sourceNow));
        bench.stripe.keys().add(ApiKey.restricted(CANARY, FakeStripe.ACCOUNT, Set.of()));
        failures.add(catchThrowable(bench.session::sourceNow));
        bench.key.set(CANARY + "\n" + CANARY);
        bench.clock.advance(Duration.ofMinutes(1));
        failures.add(catchThrowable(bench.session::account));

        assertThat(failures).doesNotContainNull().allSatisfy(e -> secretFree(trace(e)));
        assertThat(ours.list).as("our loggers spoke").isNotEmpty().allSatisfy(e -> secretFree(e.toString()));
        assertThat(jdks).allSatisfy(e -> secretFree(e.getMessage() + " " + e.getThrown()));
    }

    private static void secretFree(String text) {
        // Stripe masks all but the last four characters: these are no one's business either
        assertThat(text).doesNotContain("Canary", "Zt9", "***");
    }

    private static String trace(Throwable e) {
        StringWriter out = new StringWriter();
        e.printStackTrace(new PrintWriter(out));
        return out.toString();
    }
}
