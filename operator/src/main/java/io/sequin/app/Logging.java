package io.sequin.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import io.sequin.app.config.LogConfig;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets the log up: lines on standard output, with the resource's namespace and name where there is one. */
final class Logging {
    private static final String LINE = "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z',UTC} %-5level %logger{0} [%mdc] %msg%n";
    /**
     * Libraries that write whole requests and answers, Secrets among them, when told to be talkative; never below these
     * levels.
     */
    private static final List<String> AT_LEAST_INFO =
            List.of("io.fabric8", "io.javaoperatorsdk", "com.zaxxer.hikari", "jdk", "java", "sun", "org.postgresql");

    /** Warns of the version v1alpha1 for each kind at each start, which is no news. */
    private static final String OF_VERSIONS = "io.fabric8.kubernetes.client.dsl.internal.VersionUsageUtils";

    /** Prints each error of the server with its stack, of which who met it says what matters. */
    private static final String OF_BROKEN_CONNECTIONS = "com.zaxxer.hikari.pool.ProxyConnection";

    private Logging() {}

    /** Says nothing until it is known how; what fails meanwhile is thrown at who needs it. */
    static void off() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
    }

    static void configure(LogConfig config) {
        configure(config, (LoggerContext) LoggerFactory.getILoggerFactory());
    }

    /** The same for a context of its own. */
    static void configure(LogConfig config, LoggerContext context) {
        context.reset();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setEncoder(encoder(config.format(), context));
        console.start();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.toLevel(config.level().name()));
        root.addAppender(console);
        Level quiet = root.getLevel().isGreaterOrEqual(Level.INFO) ? root.getLevel() : Level.INFO;
        AT_LEAST_INFO.forEach(name -> context.getLogger(name).setLevel(quiet));
        context.getLogger(OF_VERSIONS).setLevel(Level.ERROR);
        context.getLogger(OF_BROKEN_CONNECTIONS).setLevel(Level.ERROR);
    }

    private static Encoder<ILoggingEvent> encoder(LogConfig.Format format, LoggerContext context) {
        return switch (format) {
            case TEXT -> {
                PatternLayoutEncoder text = new PatternLayoutEncoder();
                text.setContext(context);
                text.setPattern(LINE);
                text.start();
                yield text;
            }
            case JSON -> {
                JsonEncoder json = new JsonEncoder();
                json.setContext(context);
                json.setWithFormattedMessage(true);
                json.setWithMessage(false);
                json.setWithArguments(false);
                json.setWithContext(false);
                json.start();
                yield json;
            }
        };
    }
}
