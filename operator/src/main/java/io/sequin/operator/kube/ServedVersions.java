package io.sequin.operator.kube;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Which objects of a kind the API server has, and their versions: by a list of metadata alone
 * ({@code PartialObjectMetadataList}), in pages. A list of 1,000 Syncs at once is 4 MB of JSON, for which the heap grew by
 * 8 MB each time.
 */
public final class ServedVersions {
    private static final String METADATA = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
    static final int LIMIT = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ObjectReader PAGES = new ObjectMapper().readerFor(Page.class);

    private final HttpClient http;
    private final String group;
    private final String plural;

    /** @param items null for none: so Go writes an empty list */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Page(Next metadata, @Nullable List<Item> items) {
        List<Item> found() {
            return items == null ? List.of() : items;
        }
    }

    /** @param token null or empty: there are no more */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Next(@JsonProperty("continue") @Nullable String token) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Item(Version metadata) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Version(String uid, String resourceVersion) {}

    /** Asks nothing yet. */
    public ServedVersions(KubernetesClient client, Class<? extends HasMetadata> kind) {
        http = client.getHttpClient();
        String version = HasMetadata.getApiVersion(kind);
        group = client.getMasterUrl() + (version.contains("/") ? "apis/" : "api/") + version;
        plural = HasMetadata.getPlural(kind);
    }

    /**
     * Versions by uid, all as they were at one moment.
     *
     * @param namespace that they are in; empty for all namespaces
     * @throws KubernetesClientException where the API server refuses, does not answer, or can't go on, since the first page
     *     is too long ago
     */
    public Map<String, String> in(Optional<String> namespace) {
        String list = group + namespace.map(n -> "/namespaces/" + n).orElse("") + "/" + plural + "?limit=" + LIMIT;
        Map<String, String> versions = new HashMap<>();
        String from = list;
        while (from != null) {
            Page page = page(from);
            page.found()
                    .forEach(i -> versions.put(i.metadata().uid(), i.metadata().resourceVersion()));
            String token = page.metadata().token();
            from = token == null || token.isEmpty()
                    ? null
                    : list + "&continue=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
        }
        return versions;
    }

    private Page page(String url) {
        HttpRequest request =
                http.newHttpRequestBuilder().uri(url).header("Accept", METADATA).build();
        HttpResponse<byte[]> answer = answer(request);
        if (!answer.isSuccessful()) {
            throw new KubernetesClientException(new StatusBuilder()
                    .withCode(answer.code())
                    .withMessage(url + " was answered by " + answer.code())
                    .build());
        }
        try {
            return PAGES.readValue(answer.body());
        } catch (IOException e) {
            throw new KubernetesClientException(url + " was answered by what is no list of metadata", e);
        }
    }

    private HttpResponse<byte[]> answer(HttpRequest request) {
        try {
            return http.sendAsync(request, byte[].class).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KubernetesClientException(request.uri() + " was not answered", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KubernetesClientException(request.uri() + " was not waited for", e);
        }
    }
}
