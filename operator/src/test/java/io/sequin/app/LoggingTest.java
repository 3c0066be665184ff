package io.sequin.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import io.sequin.app.config.LogConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoggingTest {
    private static LoggerContext configured(LogConfig.Level level) {
        LoggerContext context = new LoggerContext();
        Logging.configure(new LogConfig(LogConfig.Format.TEXT, level), context);
        return context;
    }

    /** The pool would print a stack for each refusal of the server that a lane tells in one line, and for each try. */
    @Test
    void aConnectionThatBreaksIsToldByWhoMetItAlone() {
        assertThat(configured(LogConfig.Level.INFO)
                        .getLogger("com.zaxxer.hikari.pool.ProxyConnection")
                        .isWarnEnabled())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"io.fabric8.kubernetes", "org.postgresql.core", "com.zaxxer.hikari.pool", "jdk.httpclient"})
    void whatWritesWholeRequestsIsNeverTalkative(String library) {
        LoggerContext context = configured(LogConfig.Level.TRACE);

        assertThat(context.getLogger(library).isDebugEnabled()).isFalse();
        assertThat(context.getLogger("io.sequin").isTraceEnabled()).isTrue();
    }
}
