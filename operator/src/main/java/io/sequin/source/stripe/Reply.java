package io.sequin.source.stripe;

import io.sequin.credentials.SecretValue;
import io.sequin.data.Problem;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import io.sequin.source.http.Answer;
import java.time.Instant;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An answer of Stripe's to a path.
 *
 * @param key the key that was used, to keep it out of messages
 * @param at when it came, by our clock
 */
record Reply(String path, Answer answer, SecretValue key, Instant at) {
    private static final Logger LOG = LoggerFactory.getLogger(Reply.class);
    private static final String VERSION_PREFIX = "/v1/";

    boolean ok() {
        return answer.status() == 200;
    }

    /** Whether the object that marked the place in a list is gone. A good answer is long: its body is not looked at. */
    boolean anchorGone() {
        int status = answer.status();
        return (status == 400 || status == 404) && error().anchorGone();
    }

    /**
     * Whether it is Stripe's own word that the object of this table whose id was asked for is gone, or never was.
     *
     * @param strays the id may be of any origin, since nothing of Stripe's has named it: one that only the other mode (test
     *     or live) has is gone
     * @throws SourceException ACCOUNT_CHANGED where the object is in the other mode, and else: the key changed, not the
     *     object
     */
    boolean saysGone(StripeTable table, String id, boolean strays) {
        StripeError error = error();
        // "a similar object exists in live mode, but a test mode key was used"
        if (!strays && error.message().contains("similar object exists")) {
            throw new SourceException(Problem.of(
                    SourceProblem.ACCOUNT_CHANGED,
                    "the API key is of the other mode (test or live) than the data; put a key of the same mode back"));
        }
        String object = table.object();
        return error.missingAs("id", object, object.substring(object.lastIndexOf('.') + 1), table.name())
                || error.missing(id);
    }

    /** The path without the id of a single object: the same for all objects of a table. */
    String endpoint() {
        return endpoint(path);
    }

    /** The same of any path. */
    static String endpoint(String path) {
        int id = path.indexOf('/', VERSION_PREFIX.length());
        return id < 0 ? path : path.substring(0, id) + "/{id}";
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
        LOG.info("the answer to GET {} is refused: {}", path, what);
        return new SourceException(
                Problem.of(SourceProblem.UNEXPECTED_ANSWER, "Stripe's answer to GET " + endpoint() + ": " + what));
    }

    @Override
    public String toString() {
        return "Reply[" + path + ", " + answer + "]";
    }
}
