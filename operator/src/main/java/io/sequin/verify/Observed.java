package io.sequin.verify;

import io.sequin.data.HostPort;
import io.sequin.data.Problem;
import io.sequin.postgres.ServerFacts;
import java.util.Optional;

/**
 * What a verification saw. At most one of the three is present; none of them is judged yet.
 *
 * @param credentials why the credentials could not be read
 * @param connection why no session came about
 * @param facts what the server told
 */
record Observed(
        HostPort address, Optional<Problem> credentials, Optional<Problem> connection, Optional<ServerFacts> facts) {
    static Observed noCredentials(HostPort address, Problem why) {
        return new Observed(address, Optional.of(why), Optional.empty(), Optional.empty());
    }

    static Observed noSession(HostPort address, Problem why) {
        return new Observed(address, Optional.empty(), Optional.of(why), Optional.empty());
    }

    static Observed server(HostPort address, ServerFacts facts) {
        return new Observed(address, Optional.empty(), Optional.empty(), Optional.of(facts));
    }
}
