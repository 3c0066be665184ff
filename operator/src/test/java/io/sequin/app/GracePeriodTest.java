package io.sequin.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a pod is given to end is more than the operator takes for it. */
class GracePeriodTest {
    /** For the Lease, pools and servers, which have no limit of their own but those of their requests. */
    private static final Duration THE_REST = Duration.ofSeconds(20);

    @ParameterizedTest
    @ValueSource(strings = {"helm/sequin-operator/templates/deployment.yaml", "config/manager/deployment.yaml"})
    void thePodIsKilledOnlyAfterTheOperatorsOwnLimits(String manifest) throws IOException {
        Matcher grace = Pattern.compile("terminationGracePeriodSeconds: (\\d+)")
                .matcher(Files.readString(Path.of("..").resolve(manifest)));

        assertThat(grace.find()).isTrue();
        assertThat(Duration.ofSeconds(Long.parseLong(grace.group(1))))
                .isGreaterThanOrEqualTo(
                        OperatorApp.DRAIN.plus(ControlPlane.STOP).plus(THE_REST));
    }
}
