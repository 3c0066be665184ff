package io.sequin.testkit.stripe;

import com.sun.net.httpserver.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The keys that the fake knows, and the reading of the Authorization header. Safe for threads. */
public final class ApiKeys {
    private final Map<String, ApiKey> valid = new ConcurrentHashMap<>();
    private final Map<String, ApiKey> expired = new ConcurrentHashMap<>();

    ApiKeys() {}

    /** Accepts a key from now on; one with the same secret is replaced. */
    public void add(ApiKey key) {
        expired.remove(key.secret());
        valid.put(key.secret(), key);
    }

    /** Rolled or revoked in the dashboard: from now on 401 {@code api_key_expired}. */
    public void revoke(String secret) {
        expired.put(secret, known(secret));
        valid.remove(secret);
    }

    /** Forgets a key: from now on 401 "Invalid API Key provided". */
    public void remove(String secret) {
        valid.remove(secret);
        expired.remove(secret);
    }

    /** Changes what a key may read, from the next request on. */
    public void permit(String secret, Set<StripePermission> permissions) {
        valid.put(secret, new ApiKey(secret, known(secret).account(), permissions));
    }

    /** The account of a request's key; empty: it will be refused. */
    Optional<String> accountOf(Headers headers) {
        return presented(headers.getFirst("Authorization")).map(valid::get).map(ApiKey::account);
    }

    /** The key of a request. */
    ApiKey authenticate(Headers headers) {
        String secret = presented(headers.getFirst("Authorization"))
                .orElseThrow(() -> StripeError.missingKey().asAnswer());
        ApiKey key = valid.get(secret);
        if (key != null) {
            return key;
        }
        throw (expired.containsKey(secret)
                        ? StripeError.expiredKey(ApiKey.mask(secret))
                        : StripeError.invalidKey(ApiKey.mask(secret)))
                .asAnswer();
    }

    private ApiKey known(String secret) {
        ApiKey key = valid.get(secret);
        if (key == null) {
            throw new IllegalArgumentException("unknown key " + ApiKey.mask(secret));
        }
        return key;
    }

    /** Bearer, or Basic with the key as user name. */
    private static Optional<String> presented(@Nullable String header) {
        if (header == null) {
            return Optional.empty();
        }
        if (header.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return Optional.of(header.substring(7).strip()).filter(s -> !s.isEmpty());
        }
        if (header.regionMatches(true, 0, "Basic ", 0, 6)) {
            try {
                String pair = new String(
                        Base64.getDecoder().decode(header.substring(6).strip()), StandardCharsets.UTF_8);
                return Optional.of(pair.replaceFirst(":.*", "")).filter(s -> !s.isEmpty());
            } catch (IllegalArgumentException notBase64) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }
}
