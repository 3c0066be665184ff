package io.sequin.testkit.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stripe's published OpenAPI document of the API version that the fake speaks. It is part of Stripe's own mock server, whose Go
 * module the {@code go} command fetches once into its cache.
 */
public final class StripeOpenApi {
    private static final String MODULE = "github.com/stripe/stripe-mock@v0.203.0";
    private static final long DOWNLOAD_MINUTES = 5;
    private static @Nullable StripeOpenApi loaded;

    private final JsonNode document;

    private StripeOpenApi(JsonNode document) {
        this.document = document;
    }

    /**
     * The document, read once for this process.
     *
     * @throws IllegalStateException where {@code go} is missing or the module can't be had, saying what to install
     */
    public static synchronized StripeOpenApi load() {
        if (loaded == null) {
            loaded = new StripeOpenApi(read());
        }
        return loaded;
    }

    /** The whole document. */
    public JsonNode document() {
        return document;
    }

    /** The API version, for example 2026-08-26.dahlia. */
    public String apiVersion() {
        return document.at("/info/version").textValue();
    }

    /**
     * The schema of an object, for example {@code customer}.
     *
     * @throws IllegalArgumentException where there is none of that name
     */
    public JsonNode schema(String name) {
        JsonNode schema = document.at("/components/schemas").path(name);
        if (schema.isMissingNode()) {
            throw new IllegalArgumentException("Stripe's OpenAPI document has no schema " + name);
        }
        return schema;
    }

    /** The names of the query parameters of a GET, for example of {@code /v1/customers}. */
    public Set<String> queryParameters(String path) {
        Set<String> names = new TreeSet<>();
        for (JsonNode parameter : document.path("paths").path(path).path("get").path("parameters")) {
            if ("query".equals(parameter.path("in").textValue())) {
                names.add(parameter.path("name").textValue());
            }
        }
        return names;
    }

    /** Every event type that Stripe documents, from the list that webhook endpoints accept. */
    public Set<String> eventTypes() {
        Set<String> types = new TreeSet<>();
        document.path("paths")
                .path("/v1/webhook_endpoints")
                .at(
                        "/post/requestBody/content/application~1x-www-form-urlencoded/schema/properties/enabled_events/items/enum")
                .forEach(type -> types.add(type.textValue()));
        types.remove("*");
        return types;
    }

    private static JsonNode read() {
        try {
            ObjectMapper json = JsonMapper.builder().build();
            Path folder = Path.of(json.readTree(download()).path("Dir").asText());
            return json.readTree(folder.resolve("embedded/openapi/spec3.json").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException("Stripe's OpenAPI document in " + MODULE + " is not readable", e);
        }
    }

    private static byte[] download() throws IOException {
        Path answer = Files.createTempFile("stripe-openapi", ".json");
        try {
            Process go = new ProcessBuilder(List.of("go", "mod", "download", "-json", MODULE))
                    .directory(Objects.requireNonNull(answer.getParent()).toFile())
                    .redirectOutput(answer.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!go.waitFor(DOWNLOAD_MINUTES, TimeUnit.MINUTES)) {
                go.destroyForcibly();
                throw new IllegalStateException("`go mod download " + MODULE + "` took more than 5 minutes");
            }
            if (go.exitValue() != 0) {
                throw new IllegalStateException("`go mod download " + MODULE + "` failed: "
                        + Files.readString(answer).strip());
            }
            return Files.readAllBytes(answer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while fetching " + MODULE, e);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "Stripe's OpenAPI document comes from the Go module " + MODULE
                            + ": the command `go` can't be run. Install Go 1.26 or newer (https://go.dev/dl) and put it on the PATH.",
                    e);
        } finally {
            Files.deleteIfExists(answer);
        }
    }
}
