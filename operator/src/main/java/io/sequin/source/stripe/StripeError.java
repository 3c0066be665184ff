package io.sequin.source.stripe;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * The error object of an answer. The message may echo a masked key: never pass it on as it is.
 *
 * @param code empty where Stripe gave none
 * @param param empty where Stripe gave none
 */
record StripeError(String type, String code, String param, String message) {
    /** Stripe has no code for it, only words: "Your account is not set up to use Issuing", "Unrecognized request URL". */
    private static final Pattern NOT_OFFERED = Pattern.compile(
            "(?i)not (?:yet )?(?:been )?(?:set up|enabled|activated|onboarded|available|eligible|signed up)|sign(?:ed)? up"
                    + "|unrecognized request url|only stripe connect platforms|do(?:es)? not have access to|must be enabled");

    private static final StripeError NONE = new StripeError("", "", "", "");

    /** What the body says; all empty where it is no error of Stripe's, such as a page of a proxy. */
    static StripeError parse(byte[] body) {
        try {
            return Fragments.parse(body, StripeError::outer);
        } catch (UnexpectedJsonException notStripe) {
            return NONE;
        }
    }

    /** Whether it says that the object whose id was given as this parameter does not exist. */
    boolean missingAs(String... params) {
        if (!code.equals("resource_missing")) {
            return false;
        }
        for (String name : params) {
            if (param.equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** Whether it says that the object with this id does not exist, whatever it calls the parameter. */
    boolean missing(String id) {
        return code.equals("resource_missing") && message.contains("'" + id + "'");
    }

    /** Whether the object that marked the place in a list is gone: deleted, or an event older than Stripe keeps. */
    boolean anchorGone() {
        return missingAs("starting_after") || message.contains("retention policy");
    }

    /** Whether it says that the key has nothing to do with the account that the header {@code Stripe-Account} names. */
    boolean mayNotAct() {
        return code.equals("account_invalid") || message.contains("does not have access to account");
    }

    /** Whether it says that the account does not have the product that the path belongs to. */
    boolean notOffered() {
        return type.equals("invalid_request_error")
                && param.isEmpty()
                && !code.startsWith("resource_")
                && !code.startsWith("parameter_")
                && NOT_OFFERED.matcher(message).find();
    }

    private static StripeError outer(JsonParser parser) throws IOException {
        StripeError found = NONE;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            if (field.equals("error") && value == JsonToken.START_OBJECT) {
                found = inner(parser);
            } else {
                parser.skipChildren();
            }
        }
        return found;
    }

    private static StripeError inner(JsonParser parser) throws IOException {
        String type = "";
        String code = "";
        String param = "";
        String message = "";
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            String value = Fragments.text(parser);
            if (value == null) {
                continue;
            }
            switch (field) {
                case "type" -> type = value;
                case "code" -> code = value;
                case "param" -> param = value;
                case "message" -> message = value;
                default -> {}
            }
        }
        return new StripeError(type, code, param, message);
    }
}
