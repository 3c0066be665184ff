package io.sequin.source.stripe;

import io.sequin.credentials.SecretValue;
import io.sequin.data.Problem;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import io.sequin.source.http.Answer;
import java.time.Instant;
import java.util.function.Function;

/**
 * An answer of Stripe's to a path.
 *
 * @param key the key that was used, to keep it out of messages
 * @param at when it came, by our clock
 */
record Reply(String path, Answer answer, SecretValue key, Instant at) {
    boolean ok() {
        return answer.status() == 200;
    }

    StripeError error() {
        return StripeError.parse(answer.body());
    }

    /**
     * What the reader makes of the body.
     *
     * @throws SourceException UNEXPECTED_ANSWER where it can't
     */
    <T> T read(Function<byte[], T> reader) {
        try {
            return reader.apply(answer.body());
        } catch (UnexpectedJsonException unexpected) {
            throw unexpected(unexpected.what());
        }
    }

    /** Stripe's clock. */
    Instant sourceTime() {
        return answer.date().orElseThrow(() -> unexpected("the answer has no readable Date header"));
    }

    SourceException unexpected(String what) {
        return new SourceException(
                Problem.of(SourceProblem.UNEXPECTED_ANSWER, "Stripe's answer to GET " + path + ": " + what));
    }

    @Override
    public String toString() {
        return "Reply[" + path + ", " + answer + "]";
    }
}
