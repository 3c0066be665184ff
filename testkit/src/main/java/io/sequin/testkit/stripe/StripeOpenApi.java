package io.sequin.testkit.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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
    private final JsonNode schemas;
    private final JsonNode samples;
    private final Path folder;

    private StripeOpenApi(JsonNode document, JsonNode samples, Path folder) {
        this.folder = folder;
        this.document = document;
        this.schemas = document.at("/components/schemas");
        this.samples = samples;
    }

    /**
     * The document, read once for this process.
     *
     * @throws IllegalStateException where {@code go} is missing or the module can't be had, saying what to install
     */
    public static synchronized StripeOpenApi load() {
        if (loaded == null) {
            loaded = read();
        }
        return loaded;
    }

    /** The whole document. */
    public JsonNode document() {
        return document;
    }

    /** Where the document and what is published with it are. */
    Path folder() {
        return folder;
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
        JsonNode schema = schemas.path(name);
        if (schema.isMissingNode()) {
            throw new IllegalArgumentException("Stripe's OpenAPI document has no schema " + name);
        }
        return schema;
    }

    boolean hasSchema(String name) {
        return schemas.has(name);
    }

    /** One sample object a schema, by its name. */
    JsonNode sampleResources() {
        return samples.path("resources");
    }

    /** The names of the query parameters of a GET, for example of {@code /v1/customers}. */
    public Set<String> queryParameters(String path) {
        return parameters(path).stream().map(StripeParameter::name).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The query parameters of a GET. */
    List<StripeParameter> parameters(String path) {
        List<StripeParameter> found = new ArrayList<>();
        for (JsonNode parameter : document.path("paths").path(path).path("get").path("parameters")) {
            if ("query".equals(parameter.path("in").textValue())) {
                found.add(StripeParameter.of(parameter));
            }
        }
        return found;
    }

    /** The paths below {@code /v1/} whose GET answers with a list of objects that have an id. */
    Set<String> listPaths() {
        Set<String> paths = new TreeSet<>();
        document.path("paths").fieldNames().forEachRemaining(path -> {
            List<String> elements = elementSchemas(path);
            if (path.startsWith("/v1/")
                    && !elements.isEmpty()
                    && elements.stream()
                            .allMatch(s -> schema(s).path("properties").has("id"))) {
                paths.add(path);
            }
        });
        return paths;
    }

    /** The schemas of a list's elements; empty: no list. */
    List<String> elementSchemas(String path) {
        JsonNode answer = resolve(answer(document.path("paths").path(path)));
        return answer.path("properties").has("has_more")
                ? references(answer.path("properties").path("data").path("items"))
                : List.of();
    }

    /** The schema of the answer for one object of a list; missing where it can't be asked for. */
    JsonNode retrieval(String listPath) {
        for (var path : document.path("paths").properties()) {
            String name = path.getKey();
            if (name.startsWith(listPath + "/{") && name.indexOf('}', listPath.length() + 2) == name.length() - 1) {
                return answer(path.getValue());
            }
        }
        return MissingNode.getInstance();
    }

    /** The names of the schemas that a schema refers to, by itself or as one of several. */
    static List<String> references(JsonNode schema) {
        List<String> names = new ArrayList<>();
        for (JsonNode option : schema.has("anyOf") ? schema.get("anyOf") : List.of(schema)) {
            if (option.has("$ref")) {
                names.add(nameOf(option));
            }
        }
        return names;
    }

    /** The lists that an object always shows, with the schemas of their elements; what is not required only {@code expand} shows. */
    Map<String, List<String>> shownLists(String name) {
        JsonNode schema = schema(name);
        Map<String, List<String>> lists = new TreeMap<>();
        for (JsonNode required : schema.path("required")) {
            JsonNode property = schema.path("properties").path(required.textValue());
            if (SchemaWriter.isList(property)) {
                lists.put(
                        required.textValue(),
                        references(property.path("properties").path("data").path("items")));
            }
        }
        return lists;
    }

    /** The schema itself, or the one that it refers to. */
    JsonNode resolve(JsonNode schema) {
        return schema.has("$ref") ? schema(nameOf(schema)) : schema;
    }

    static String nameOf(JsonNode reference) {
        String text = reference.get("$ref").textValue();
        return text.substring(text.lastIndexOf('/') + 1);
    }

    private static JsonNode answer(JsonNode path) {
        return path.at("/get/responses/200/content/application~1json/schema");
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

    private static StripeOpenApi read() {
        try {
            ObjectMapper json = JsonMapper.builder().build();
            Path folder = Path.of(json.readTree(download()).path("Dir").asText(), "embedded", "openapi");
            return new StripeOpenApi(
                    json.readTree(folder.resolve("spec3.json").toFile()),
                    json.readTree(folder.resolve("fixtures3.json").toFile()),
                    folder);
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
