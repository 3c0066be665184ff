package io.sequin.testkit.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is not a success, with Stripe's error body.
 *
 * @param status of HTTP
 * @param headers additional ones
 */
record StripeError(
        int status,
        String type,
        Optional<String> code,
        Optional<String> param,
        String message,
        Map<String, String> headers) {
    private static final String INVALID_REQUEST = "invalid_request_error";

    /** Ends the handling of a request with the error as its answer. */
    static final class Answer extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient StripeError error;

        Answer(StripeError error) {
            super(error.message(), null, false, false);
            this.error = error;
        }

        StripeError error() {
            return error;
        }
    }

    Answer asAnswer() {
        return new Answer(this);
    }

    Body body() {
        ObjectNode root = JsonBytes.object();
        ObjectNode error = root.putObject("error");
        code.ifPresent(c -> {
            error.put("code", c);
            error.put("doc_url", "https://stripe.com/docs/error-codes/" + c.replace('_', '-'));
        });
        error.put("message", message);
        param.ifPresent(p -> error.put("param", p));
        error.put("type", type);
        return JsonBytes.of(root);
    }

    static StripeError missingKey() {
        return new StripeError(
                401,
                INVALID_REQUEST,
                Optional.empty(),
                Optional.empty(),
                "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth "
                        + "(e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details,"
                        + " or we can help at https://support.stripe.com/.",
                Map.of("WWW-Authenticate", "Bearer realm=\"Stripe\""));
    }

    static StripeError invalidKey(String masked) {
        return new StripeError(
                401,
                INVALID_REQUEST,
                Optional.empty(),
                Optional.empty(),
                "Invalid API Key provided: " + masked,
                Map.of("WWW-Authenticate", "Bearer realm=\"Stripe\""));
    }

    static StripeError expiredKey(String masked) {
        return new StripeError(
                401,
                INVALID_REQUEST,
                Optional.of("api_key_expired"),
                Optional.empty(),
                "Expired API Key provided: " + masked,
                Map.of("WWW-Authenticate", "Bearer realm=\"Stripe\""));
    }

    static StripeError forbidden(String masked, String account, StripePermission missing) {
        return of(
                403,
                null,
                null,
                "The provided key '" + masked
                        + "' does not have the required permissions for this endpoint on account '" + account
                        + "'. Having the '" + missing.wireName()
                        + "' permission would allow this request to continue.");
    }

    /**
     * The account lacks a part of Stripe. The words are those that Stripe is known to answer for Issuing; for the other parts they
     * are assumed to be the same.
     */
    static StripeError notSetUp(String product) {
        String name = product.substring(0, 1).toUpperCase(Locale.ROOT) + product.substring(1);
        return of(
                400,
                null,
                null,
                "Your account is not set up to use " + name + ". Please visit https://dashboard.stripe.com/" + product
                        + "/overview to get started.");
    }

    /** The header Stripe-Account names an account that is not connected to the key's. */
    static StripeError noAccess(String masked, String account) {
        return of(
                403,
                "account_invalid",
                null,
                "The provided key '" + masked + "' does not have access to account '" + account
                        + "' (or that account does not exist). Application access may have been revoked.");
    }

    static StripeError unknownUrl(String method, String path) {
        return of(
                404,
                null,
                null,
                "Unrecognized request URL (" + method + ": " + path
                        + "). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.");
    }

    /** A retrieval of an unknown id is 404; a parameter that names one is 400. */
    static StripeError missing(int status, String objectName, String id, String hint, String param) {
        return of(status, "resource_missing", param, "No such " + objectName + ": '" + id + "'" + hint);
    }

    static StripeError badParameter(@Nullable String code, String param, String message) {
        return of(400, code, param, message);
    }

    static StripeError badRequest(String message) {
        return of(400, null, null, message);
    }

    static StripeError rateLimited(String reason, Map<String, String> headers) {
        Map<String, String> all = new TreeMap<>(headers);
        all.put("Stripe-Rate-Limited-Reason", reason);
        return new StripeError(
                429,
                INVALID_REQUEST,
                Optional.of("rate_limit"),
                Optional.empty(),
                "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.",
                all);
    }

    static StripeError locked() {
        return new StripeError(
                429,
                INVALID_REQUEST,
                Optional.of("lock_timeout"),
                Optional.empty(),
                "This object cannot be accessed right now because another API request or Stripe process is currently accessing it."
                        + " If you see this error intermittently, retry the request.",
                Map.of("Stripe-Rate-Limited-Reason", "resource-specific"));
    }

    static StripeError server(int status) {
        return new StripeError(
                status,
                "api_error",
                Optional.empty(),
                Optional.empty(),
                "An unknown error occurred. If the problem persists, contact https://support.stripe.com/.",
                Map.of());
    }

    private static StripeError of(int status, @Nullable String code, @Nullable String param, String message) {
        return new StripeError(
                status, INVALID_REQUEST, Optional.ofNullable(code), Optional.ofNullable(param), message, Map.of());
    }
}
