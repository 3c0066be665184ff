package io.sequin.source.stripe;

import io.sequin.credentials.SecretValue;
import io.sequin.data.AccountId;
import io.sequin.data.Problem;
import io.sequin.data.RecordSize;
import io.sequin.source.Purpose;
import io.sequin.source.RequestGate;
import io.sequin.source.SourceContext;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import io.sequin.source.http.Answer;
import io.sequin.source.http.AnswerTooLargeException;
import io.sequin.source.http.HttpCall;
import io.sequin.source.http.HttpCalls;
import io.sequin.source.http.Query;
import java.net.URI;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Calls to Stripe with the key that the Secret holds at the time. A key that was refused is read anew and tried once
 * more; a key that changed must belong to the account the session was opened for, else every object of that account
 * would look deleted. Safe for threads.
 */
final class StripeApi {
    /** The version of the API whose shapes the tables have: that of the OpenAPI description in stripe-mock v0.203.0. */
    static final String VERSION = "2026-08-26.dahlia";

    /** No single object of Stripe's comes near; an answer beyond this is a fault, and more than memory carries. */
    static final int MAX_OBJECT_BYTES = RecordSize.MOST;

    static final URI PUBLIC = URI.create("https://api.stripe.com");

    private static final Pattern REFUSED_ACCOUNT = Pattern.compile("on account '(acct_[A-Za-z0-9]+)'");
    private static final Pattern TEST_KEY = Pattern.compile("[a-z]+_test_.*");

    private final HttpCalls http;
    private final URI base;
    private final StripeCredential credential;
    private final String userAgent;
    private final Clock clock;
    private final Optional<String> actingFor;
    private final RequestGate gate;
    private final Purpose purpose;
    private final AtomicReference<@Nullable Known> known;

    /** A key and the account it was seen to belong to. */
    private record Known(SecretValue key, AccountId account) {}

    /**
     * For calls that ask who and what the account is.
     *
     * @param actingFor the connected account to read in place of the key's own
     */
    StripeApi(
            HttpCalls http, URI base, StripeCredential credential, Optional<String> actingFor, SourceContext context) {
        this.http = http;
        this.base = base;
        this.credential = credential;
        this.clock = context.clock();
        this.actingFor = actingFor;
        this.userAgent = context.userAgent();
        this.gate = context.gate(StripeConnector.KIND);
        this.purpose = Purpose.PROBE;
        this.known = new AtomicReference<>();
    }

    private StripeApi(StripeApi same, Purpose purpose) {
        this.http = same.http;
        this.base = same.base;
        this.credential = same.credential;
        this.clock = same.clock;
        this.actingFor = same.actingFor;
        this.userAgent = same.userAgent;
        this.gate = same.gate;
        this.purpose = purpose;
        this.known = same.known;
    }

    /** The same session's calls for another purpose: they take another share of the account's budget. */
    StripeApi forPurpose(Purpose other) {
        return new StripeApi(this, other);
    }

    /** Made for each call: kept, they would be there once for each Sync. */
    private Map<String, String> headers() {
        Map<String, String> headers = new HashMap<>();
        headers.put("Stripe-Version", VERSION);
        headers.put("User-Agent", userAgent);
        headers.put("Accept", "application/json");
        actingFor.ifPresent(account -> headers.put("Stripe-Account", account));
        return headers;
    }

    /**
     * The answer, whatever its status.
     *
     * @param step whether what came before is lost without it
     * @throws SourceException where none came, or ACCOUNT_CHANGED
     * @throws AnswerTooLargeException where it is longer than {@code maxBytes}
     */
    Reply get(String path, Query query, int maxBytes, RequestGate.Step step) {
        SecretValue key = credential.current();
        checkAccount(key);
        Reply reply = send(key, path, query, maxBytes, step);
        if (reply.answer().status() != 401) {
            return reply;
        }
        SecretValue now = credential.readAnew();
        if (now.equals(key)) {
            return reply;
        }
        checkAccount(now);
        return send(now, path, query, maxBytes, step);
    }

    /** The same for the path of a single object; where that is too large, UNEXPECTED_ANSWER. */
    Reply one(String path) {
        try {
            return get(path, Query.NONE, MAX_OBJECT_BYTES, RequestGate.Step.BEGINS);
        } catch (AnswerTooLargeException tooLarge) {
            throw StripeFailure.tooLarge(path, tooLarge);
        }
    }

    /**
     * Asks which account the key belongs to, and holds later keys to it. Test and live data of one account share its
     * id but nothing else, so a test key's account is called {@code acct_…/test}.
     */
    AccountId account() {
        SecretValue key = credential.current();
        Reply reply = askAccount(key);
        if (reply.answer().status() == 401) {
            key = credential.readAnew();
            reply = askAccount(key);
        }
        AccountId account = accountOf(reply);
        known.set(new Known(key, account));
        gate.belongsTo(account, StripeLimits.of(account));
        return account;
    }

    private void checkAccount(SecretValue key) {
        Known before = known.get();
        if (before == null || before.key().equals(key)) {
            return;
        }
        Reply reply = askAccount(key);
        AccountId now = accountOf(reply);
        if (!now.equals(before.account())) {
            throw new SourceException(Problem.of(
                    SourceProblem.ACCOUNT_CHANGED,
                    "the API key in the Secret now belongs to Stripe account " + now + ", the data to "
                            + before.account() + "; put a key of that account back, make a new Sync, or"
                            + " have the tables filled from the new account by a new spec.resync.token, without"
                            + " spec.resync.tables"));
        }
        known.set(new Known(key, now));
    }

    private Reply askAccount(SecretValue key) {
        return send(key, "/v1/account", Query.NONE, MAX_OBJECT_BYTES, RequestGate.Step.BEGINS);
    }

    /** A restricted key may not read the account, but Stripe's refusal names it: that is all we need. */
    private AccountId accountOf(Reply reply) {
        String id;
        if (reply.ok()) {
            StripeObject account = reply.read(StripeObject::parse);
            if (!account.object().equals("account")) {
                throw reply.unexpected("it is not an account");
            }
            id = account.id();
            if (actingFor.filter(a -> !a.equals(account.id())).isPresent()) {
                throw reply.unexpected("it is another account than source.stripe.account");
            }
        } else {
            if (actingFor.isPresent() && reply.error().mayNotAct()) {
                throw new SourceException(
                        Problem.of(
                                SourceProblem.PERMISSION_DENIED,
                                "the API key may not act for account " + actingFor.get()
                                        + ": correct source.stripe.account, or use a key of the platform that it is connected to"));
            }
            Matcher refusal = REFUSED_ACCOUNT.matcher(reply.error().message());
            if (reply.answer().status() != 403 || !refusal.find()) {
                throw StripeFailure.of(reply, "Accounts: Read", null);
            }
            // of a connected account the refusal may name the platform
            id = actingFor.orElse(refusal.group(1));
        }
        boolean test = TEST_KEY.matcher(reply.key().reveal()).matches();
        return new AccountId(test ? id + StripeLimits.TEST : id);
    }

    private Reply send(SecretValue key, String path, Query query, int maxBytes, RequestGate.Step step) {
        try (RequestGate.Pass pass = gate.enter(purpose, StripeLimits.group(path), step)) {
            Answer answer = http.get(new HttpCall(base, path, query, headers(), maxBytes), key);
            Reply reply = new Reply(path, answer, key, clock.instant());
            pass.answered(answer.status(), StripeLimits.throttle(answer, reply.at()));
            return reply;
        }
    }

    /** Ours. */
    Clock clock() {
        return clock;
    }

    /** Gives up the session's place in the budget. */
    void close() {
        gate.close();
    }
}
