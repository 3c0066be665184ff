package io.sequin.testkit.stripe;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** A plain HTTP client for what Stripe's own client hides. */
final class FakeClient {
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxStringLength(100 << 20).build())
            .build());
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final FakeStripe stripe;
    private final String key;

    FakeClient(FakeStripe stripe) {
        this(stripe, FakeStripe.TEST_KEY);
    }

    FakeClient(FakeStripe stripe, String key) {
        this.stripe = stripe;
        this.key = key;
    }

    JsonNode json(String pathAndQuery) {
        try {
            return JSON.readTree(get(pathAndQuery).body());
        } catch (IOException e) {
            throw new UncheckedIOException(pathAndQuery, e);
        }
    }

    HttpResponse<String> get(String pathAndQuery) throws IOException {
        return send(request(pathAndQuery));
    }

    HttpRequest.Builder request(String pathAndQuery) {
        return HttpRequest.newBuilder(stripe.baseUri().resolve(pathAndQuery))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + key);
    }

    static HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
