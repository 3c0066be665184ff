package io.sequin.source.stripe;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/**
 * The error object of an answer. The message may echo a masked key: never pass it on as it is.
 *
 * @param code empty where Stripe gave none
 * @param param empty where Stripe gave none
 */
record StripeError(String type, String code, String param, String message) {
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
    boolean missing(String... params) {
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

    /** Whether the object that marked the place in a list is gone: deleted, or an event older than Stripe keeps. */
    boolean anchorGone() {
        return missing("starting_after") || message.contains("retention policy");
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
