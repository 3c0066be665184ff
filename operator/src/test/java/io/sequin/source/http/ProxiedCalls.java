package io.sequin.source.http;

import io.sequin.credentials.SecretValue;
import io.sequin.network.http.HttpConnections;
import io.sequin.network.http.Proxies;
import io.sequin.source.SourceException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A program that asks URLs as sources do, by its environment. A process of its own: the JDK decides once in a process
 * which logins to proxies it allows.
 */
public final class ProxiedCalls {
    private ProxiedCalls() {}

    /** Prints a line for each call: status and body, or the problem. */
    public static void main(String[] args) {
        HttpConnections client = HttpConnections.of(Proxies.of(System.getenv()), Optional.of(Path.of(args[0])));
        List.of(args).subList(1, args.length).forEach(url -> System.out.println("RESULT " + get(client, url)));
    }

    static String get(HttpConnections client, String url) {
        URI uri = URI.create(url);
        HttpCall call = new HttpCall(uri.resolve("/"), uri.getPath(), Query.NONE, Map.of(), 1 << 10);
        try {
            Answer answer = new HttpCalls(client, AnswerLimit.of(Duration.ofSeconds(20)))
                    .get(call, SecretValue.of("canary-key"));
            return answer.status() + " " + new String(answer.body(), StandardCharsets.UTF_8);
        } catch (SourceException e) {
            return e.problem().code().reason() + " " + e.getMessage();
        }
    }
}
