package io.sequin.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class MainTest {
    private record Answer(int code, String out, String err) {}

    private static Answer run(Map<String, String> environment, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command =
                Main.command(environment).setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        int code = command.execute(Main.withDefault(args));
        return new Answer(code, out.toString(), err.toString());
    }

    @Test
    void theVersionIsPrinted() {
        Answer answer = run(Map.of(), "--version");
        assertThat(answer.code()).isZero();
        assertThat(answer.out()).startsWith("sequin-operator ");
    }

    @Test
    void theHelpOfRunNamesEveryFlagAndTheExitCodes() {
        Answer answer = run(Map.of(), "run", "--help");
        assertThat(answer.code()).isZero();
        assertThat(answer.out())
                .contains(
                        "--namespaces",
                        "--source-endpoint",
                        "--source-rate",
                        "--source-ca-file",
                        "HTTPS_PROXY",
                        "--lease-duration",
                        "Exit codes");
    }

    @Test
    void anUnknownFlagFailsAndTheRightOneIsSuggested() {
        Answer answer = run(Map.of(), "--htpp-port=1");
        assertThat(answer.code()).isEqualTo(2);
        assertThat(answer.err()).contains("--htpp-port", "--http-port");
    }

    @Test
    void anUnknownCommandFails() {
        Answer answer = run(Map.of(), "walk");
        assertThat(answer.code()).isEqualTo(2);
        assertThat(answer.err()).contains("walk");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--http-port=70000                       | --http-port: must be 0 (any free port) to 65535",
                "--http-port=many                        | '--http-port'",
                "--log-format=xml                        | --log-format: 'xml' is not one of [text, json]",
                "--log-level=loud                        | --log-level: 'loud' is not one of [error, warn, info, debug",
                "--byte-budget=lots                      | --byte-budget: 'lots' is not an amount such as 48Mi",
                "--byte-budget=1Ki                       | --byte-budget: must be at least 1Mi",
                "--lease-duration=soon                   | --lease-duration: 'soon' is not a duration",
                "--lease-duration=1s                     | --lease-duration, --lease-renew-deadline",
                "--lease-retry-period=0s                 | --lease-retry-period",
                "--namespaces=Team_A                     | --namespaces: 'Team_A' is not the name of a namespace",
                "--source-endpoint=shop=http://127.0.0.1 | --source-endpoint: 'shop' is not one of [stripe]",
                "--source-endpoint=stripe=ftp://host     | give a URL such as http://127.0.0.1:12111",
                "--source-endpoint=stripe=               | --source-endpoint",
                "--source-rate=shop=5                    | --source-rate: 'shop' is not one of [stripe]",
                "--source-rate=stripe=0                  | --source-rate stripe=0: must be 1 to 100000",
                "--source-rate=stripe=fast               | --source-rate",
            })
    void anInvalidValueFailsAndTheMessageNamesTheFlag(String flag, String message) {
        Answer answer = run(Map.of(), flag);
        assertThat(answer.code()).isEqualTo(2);
        assertThat(answer.err()).contains(message);
    }

    @Test
    void aPasswordInAnEndpointIsRefusedAndNotRepeated() {
        Answer answer = run(Map.of(), "--source-endpoint=stripe=https://user:hunter2@host");
        assertThat(answer.code()).isEqualTo(2);
        assertThat(answer.err()).contains("--source-endpoint stripe").doesNotContain("hunter2");
    }

    @Test
    void aFileOfAuthoritiesThatIsNoneFailsAndIsNamed(@TempDir Path folder) throws IOException {
        Path notThere = folder.resolve("ca.pem");
        assertThat(run(Map.of(), "--source-ca-file=" + notThere).err())
                .contains("--source-ca-file", notThere.toString(), "can't be read");
        Path noPem = Files.writeString(folder.resolve("other.pem"), "no certificate");
        Answer answer = run(Map.of("SEQUIN_SOURCE_CA_FILE", noPem.toString()));
        assertThat(answer.code()).isEqualTo(2);
        assertThat(answer.err()).contains("--source-ca-file", noPem.toString(), "certificate");
    }

    @Test
    void aProxyThatIsNoneFailsAndItsPasswordIsNotRepeated() {
        Answer answer = run(Map.of("HTTPS_PROXY", "socks5://user:hunter2@proxy:1080"));
        assertThat(answer.code()).isEqualTo(2);
        assertThat(answer.err()).contains("HTTPS_PROXY", "scheme http").doesNotContain("hunter2");
    }

    @Test
    void theEnvironmentSetsFlagsToo() {
        Answer answer = run(Map.of("SEQUIN_LOG_FORMAT", "xml"));
        assertThat(answer.code()).isEqualTo(2);
        assertThat(answer.err()).contains("'xml'");
    }

    @Test
    void anUnknownVariableFailsAndTheKnownOnesAreNamed() {
        Answer answer = run(Map.of("SEQUIN_HTTPPORT", "1"));
        assertThat(answer.code()).isEqualTo(2);
        assertThat(answer.err()).contains("SEQUIN_HTTPPORT", "SEQUIN_HTTP_PORT");
    }

    @Test
    void whatKubernetesSetsForAServiceIsNoMistake() {
        Map<String, String> links = Map.of(
                "SEQUIN_OPERATOR_SERVICE_HOST", "10.0.0.1",
                "SEQUIN_OPERATOR_SERVICE_PORT_HTTP", "8080",
                "SEQUIN_OPERATOR_PORT", "tcp://10.0.0.1:8080",
                "SEQUIN_OPERATOR_PORT_8080_TCP_ADDR", "10.0.0.1");
        // the flag stops it after the environment was taken
        Answer answer = run(links, "--log-format=xml");
        assertThat(answer.err()).contains("--log-format").doesNotContain("SERVICE");
    }
}
