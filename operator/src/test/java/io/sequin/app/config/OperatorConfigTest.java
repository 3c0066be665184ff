package io.sequin.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class OperatorConfigTest {
    @Command
    private static final class AnyCommand {
        @Mixin
        private final RunOptions options = new RunOptions();
    }

    private static OperatorConfig parse(List<String> flags) {
        AnyCommand command = new AnyCommand();
        new CommandLine(command).parseArgs(flags.toArray(String[]::new));
        return command.options.toConfig(Set.of("stripe"));
    }

    @Test
    void theFlagsOfAConfigurationGiveTheSameConfiguration() {
        OperatorConfig config = parse(List.of(
                "--namespaces=b,a",
                "--cluster-id=west",
                "--lease-namespace=ops",
                "--lease-duration=1m30s",
                "--lease-renew-deadline=40s",
                "--lease-retry-period=500ms",
                "--source-endpoint=stripe=http://127.0.0.1:12111",
                "--source-rate=stripe=7",
                "--source-ca-file=/etc/ca.pem",
                "--byte-budget=2Mi",
                "--http-port=0",
                "--log-format=json",
                "--log-level=debug"));
        assertThat(parse(config.flags())).isEqualTo(config);
    }

    @Test
    void whatIsNotSetIsNoFlagOrItsDefault() {
        OperatorConfig config = parse(List.of());
        assertThat(config.flags())
                .noneMatch(flag -> flag.startsWith("--namespaces"))
                .contains("--lease-duration=15000ms", "--http-port=8080");
        assertThat(parse(config.flags())).isEqualTo(config);
    }
}
