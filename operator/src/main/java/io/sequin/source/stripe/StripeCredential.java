package io.sequin.source.stripe;

import io.sequin.credentials.CredentialSource;
import io.sequin.credentials.SecretValue;
import io.sequin.data.CredentialRef;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The API key, read anew every few seconds, so that a rotated one is used without a restart and a page costs no read of
 * the Secret. Safe for threads; two may read at once, which does no harm.
 */
final class StripeCredential {
    /** Half of the ten seconds in which a changed Secret must have its effect. */
    private static final Duration MAX_AGE = Duration.ofSeconds(5);

    private final CredentialSource source;
    private final CredentialRef ref;
    private final Clock clock;
    private volatile @Nullable Held held;

    private record Held(SecretValue key, Instant readAt) {}

    StripeCredential(CredentialSource source, CredentialRef ref, Clock clock) {
        this.source = source;
        this.ref = ref;
        this.clock = clock;
    }

    /** The key, at most a few seconds old. */
    SecretValue current() {
        Held known = held;
        return known != null && isFresh(known) ? known.key() : readAnew();
    }

    /** Not where the clock was set back since it was read: it would be fresh for as long. */
    private boolean isFresh(Held known) {
        return Duration.between(known.readAt(), clock.instant()).abs().compareTo(MAX_AGE) < 0;
    }

    /** The key as it is now. */
    SecretValue readAnew() {
        Instant at = clock.instant();
        // a Secret made with echo ends in a line break
        SecretValue key = SecretValue.of(source.read(ref).reveal().strip());
        held = new Held(key, at);
        return key;
    }
}
