package io.sequin.postgres;

import io.sequin.data.HostPort;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * At most five refused logins in five minutes with the same name and password at one server, over all pools and
 * verifications of the process: servers and their guards lock an account out after a few. Changed credentials start anew.
 */
final class LoginLimit {
    static final int REFUSALS = 5;
    static final Duration WINDOW = Duration.ofMinutes(5);

    private final InstantSource clock;
    private final Map<Key, Refused> refused = new HashMap<>();

    private record Key(HostPort server, String user) {}

    private record Refused(Login login, Deque<Instant> at) {}

    LoginLimit(InstantSource clock) {
        this.clock = clock;
    }

    /** When the next try is allowed; empty: now. */
    synchronized Optional<Instant> notBefore(HostPort server, Login login) {
        Key key = key(server, login);
        Refused known = refused.get(key);
        if (known == null) {
            return Optional.empty();
        }
        forgetOld(known);
        if (known.at().isEmpty() || !sameLogin(known.login(), login)) {
            refused.remove(key);
            return Optional.empty();
        }
        return known.at().size() < REFUSALS
                ? Optional.empty()
                : Optional.of(known.at().getFirst().plus(WINDOW));
    }

    synchronized void refused(HostPort server, Login login) {
        Refused known = refused.get(key(server, login));
        if (known == null || !sameLogin(known.login(), login)) {
            known = new Refused(login, new ArrayDeque<>());
            refused.put(key(server, login), known);
        }
        known.at().addLast(clock.instant());
        forgetOld(known);
    }

    synchronized void accepted(HostPort server, Login login) {
        refused.remove(key(server, login));
    }

    /** One that lies ahead was before the clock was set back, nobody knows how long: it counts as one of now. */
    private void forgetOld(Refused known) {
        Deque<Instant> at = known.at();
        Instant now = clock.instant();
        int ahead = 0;
        while (!at.isEmpty() && at.getLast().isAfter(now)) {
            at.removeLast();
            ahead++;
        }
        at.addAll(Collections.nCopies(ahead, now));
        Instant oldest = now.minus(WINDOW);
        while (!at.isEmpty() && !at.getFirst().isAfter(oldest)) {
            at.removeFirst();
        }
    }

    private static Key key(HostPort server, Login login) {
        return new Key(server, login.username().reveal());
    }

    private static boolean sameLogin(Login one, Login other) {
        return one.password().equals(other.password());
    }
}
