package io.sequin.source.stripe;

import io.sequin.data.Problem;
import io.sequin.data.ProblemCode;
import io.sequin.data.RecordSize;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import io.sequin.source.http.AnswerTooLargeException;
import io.sequin.source.http.Redaction;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a refusal to a problem (docs.stripe.com/api/errors, docs.stripe.com/rate-limits). The same refusal has the same
 * text each time it comes, since a changed text is a write of a status: what identifies one request goes to the log.
 */
final class StripeFailure {
    private static final Logger LOG = LoggerFactory.getLogger(StripeFailure.class);

    /** An id of a request inside Stripe's own words. */
    private static final Pattern REQUEST_ID = Pattern.compile("req_[A-Za-z0-9]+");

    /** Both wordings that Stripe has used: 'rak_charge_read', and "Charges Read" ('charge_read'). */
    private static final Pattern RIGHT = Pattern.compile("'((?:rak_)?[a-z_]+_read)'");

    /** An account may get a product at any time; asking each hour costs nothing. */
    private static final Duration LOOK_AGAIN = Duration.ofHours(1);

    /** Statuses of a refusal that may concern the one path alone. */
    private static final Set<Integer> REFUSALS = Set.of(400, 403, 404);

    private StripeFailure() {}

    /**
     * The problem that this reply to a request for a list tells of: it may be that the account does not have such things.
     *
     * @param list whose list it is
     * @param blamed the table that can't be read for it
     */
    static SourceException ofList(Reply reply, StripeTable list, StripeTable blamed) {
        StripeError error = reply.error();
        boolean refused = REFUSALS.contains(reply.answer().status());
        return refused && error.notOffered() && !error.mayNotAct()
                ? notOffered(reply, blamed)
                : of(reply, list.permission(), blamed);
    }

    /**
     * The problem that this reply tells of.
     *
     * @param right what to allow a restricted key for this call, as the dashboard words it
     * @param table the one table it concerns; null: the whole source
     */
    static SourceException of(Reply reply, String right, @Nullable StripeTable table) {
        int status = reply.answer().status();
        StripeError error = reply.error();
        LOG.info("GET {}: status {}, request {}", reply.path(), status, requestId(reply));
        return switch (status) {
            case 401 -> whole(SourceProblem.AUTHENTICATION_FAILED, authentication(error));
            case 403 -> denied(reply, error, right, table);
            case 429 -> later(reply, SourceProblem.RATE_LIMITED, "Stripe asks to slow down" + limiter(reply));
            default ->
                status == 409 || status >= 500
                        ? later(
                                reply,
                                SourceProblem.UNAVAILABLE,
                                "Stripe answered with an error of its own (status " + status + ")"
                                        + words(error, reply))
                        : new SourceException(
                                Problem.of(SourceProblem.UNEXPECTED_ANSWER, "Stripe refused the request" + told(reply)),
                                REFUSALS.contains(status) && table != null ? table.name() : null,
                                null);
        };
    }

    /** A single object is larger than anything that is read. */
    static SourceException tooLarge(String path, AnswerTooLargeException cause) {
        LOG.info("GET {}: an object is too large", path);
        String most = RecordSize.inWords(StripeApi.MAX_OBJECT_BYTES);
        Problem problem = Problem.of(
                SourceProblem.UNEXPECTED_ANSWER,
                "Stripe's answer to GET " + Reply.endpoint(path) + ": an object is larger than " + most
                        + ", the most that the operator's memory carries: raise its memory limit");
        return new SourceException(problem, null, cause);
    }

    /** The row that marked the place among those of one object was deleted: what was read of them is not what they are. */
    static SourceException begunAnew(StripeTable rows) {
        Problem problem = Problem.of(
                SourceProblem.UNAVAILABLE,
                "a row was deleted while the rows of its object were read in pieces: they are read again");
        return new SourceException(problem, rows.name(), null);
    }

    private static SourceException notOffered(Reply reply, StripeTable table) {
        Problem problem = Problem.of(
                SourceProblem.NOT_OFFERED,
                "the Stripe account does not have the product that the table belongs to" + told(reply)
                        + "; it is looked for again each hour");
        return new SourceException(problem.retryingAt(reply.at().plus(LOOK_AGAIN)), table.name(), null);
    }

    private static SourceException whole(ProblemCode code, String message) {
        return new SourceException(Problem.of(code, message));
    }

    private static SourceException later(Reply reply, ProblemCode code, String message) {
        Problem problem = Problem.of(code, message);
        return new SourceException(
                reply.answer().retryAt(reply.at()).map(problem::retryingAt).orElse(problem));
    }

    /** Stripe's message ends with the masked key, so it is told in our words. */
    private static String authentication(StripeError error) {
        String message = error.message().toLowerCase(Locale.ROOT);
        String cure = "; put a valid key in the Secret";
        if (error.code().endsWith("api_key_expired") || message.contains("expired")) {
            return "Stripe says the API key has expired" + cure;
        }
        if (message.contains("revoked")) {
            return "Stripe says the API key was revoked" + cure;
        }
        return "Stripe does not accept the API key: it is wrong, or was deleted" + cure;
    }

    private static SourceException denied(Reply reply, StripeError error, String right, @Nullable StripeTable table) {
        if (error.mayNotAct()) {
            return whole(
                    SourceProblem.PERMISSION_DENIED,
                    "the API key may not act for the account in source.stripe.account any more" + told(reply));
        }
        String message;
        if (error.message().contains("IP address")) {
            message = "Stripe does not accept the API key from this address; add the address to the key's allowed ones"
                    + told(reply);
        } else {
            Matcher named = RIGHT.matcher(error.message());
            message = "the API key lacks a right: give the restricted key \"" + right + "\" in Stripe's dashboard"
                    + (named.find() ? " (Stripe names it " + named.group(1) + ")" : told(reply));
        }
        Problem problem = Problem.of(SourceProblem.PERMISSION_DENIED, message);
        return new SourceException(problem, table == null ? null : table.name(), null);
    }

    private static String limiter(Reply reply) {
        return reply.answer()
                .header("Stripe-Rate-Limited-Reason")
                .map(reason -> " (" + Redaction.redact(reason, reply.key()) + ")")
                .orElse("");
    }

    private static String told(Reply reply) {
        return " (GET " + reply.endpoint() + ", status " + reply.answer().status() + ")" + words(reply.error(), reply);
    }

    private static String words(StripeError error, Reply reply) {
        String words = REQUEST_ID
                .matcher(Redaction.redact(error.message(), reply.key()))
                .replaceAll("req_…");
        return words.isEmpty() ? "" : ": " + words;
    }

    private static String requestId(Reply reply) {
        return reply.answer()
                .header("Request-Id")
                .map(id -> Redaction.redact(id, reply.key()))
                .orElse("without an id");
    }
}
