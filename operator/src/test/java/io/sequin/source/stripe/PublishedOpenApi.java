package io.sequin.source.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The description of Stripe's API that Stripe publishes inside stripe-mock; Go fetches the module once and keeps it. */
final class PublishedOpenApi {
    private static final String MODULE = "github.com/stripe/stripe-mock@v0.203.0";
    private static final String INSTALL =
            "this test needs Go: install it (Debian: apt-get install golang-go) and put `go` on the PATH";

    private PublishedOpenApi() {}

    static JsonNode read() {
        ObjectMapper mapper = new ObjectMapper();
        try {
            JsonNode module = mapper.readTree(goModDownload());
            String directory = module.path("Dir").asText();
            if (directory.isEmpty()) {
                throw new AssertionError("go mod download " + MODULE + ": "
                        + module.path("Error").asText());
            }
            return mapper.readTree(
                    Path.of(directory, "embedded", "openapi", "spec3.json").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String goModDownload() throws IOException {
        Process go;
        try {
            // outside of any module, so that no go.mod of the reader's takes part
            go = new ProcessBuilder("go", "mod", "download", "-json", MODULE)
                    .directory(new File(System.getProperty("java.io.tmpdir")))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException missing) {
            throw new AssertionError(INSTALL, missing);
        }
        String json = new String(go.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!go.waitFor(5, TimeUnit.MINUTES)) {
                go.destroyForcibly();
                throw new AssertionError("go mod download " + MODULE + " takes more than five minutes");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
        return json;
    }
}
