package io.sequin.source.stripe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sequin.data.Problem;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * What {@code spec.source.stripe} says beside the key.
 *
 * @param account the connected account to read in place of the key's own
 * @param since first passes leave out what was made before this second (since 1970)
 */
record StripeSettings(Optional<String> account, OptionalLong since) {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Pattern ACCOUNT = Pattern.compile("acct_[A-Za-z0-9]+");

    /**
     * Reads the settings.
     *
     * @throws SourceException INVALID_CONFIGURATION, naming the field
     */
    static StripeSettings of(String json) {
        JsonNode node;
        try {
            node = MAPPER.readTree(json);
        } catch (JsonProcessingException broken) {
            throw invalid("source.stripe is not JSON");
        }
        String account = node.path("account").asText();
        if (!account.isEmpty() && !ACCOUNT.matcher(account).matches()) {
            throw invalid("source.stripe.account is not the id of an account such as acct_1032D82eZvKYlo2C");
        }
        String date = node.path("startDate").asText();
        return new StripeSettings(
                account.isEmpty() ? Optional.empty() : Optional.of(account),
                date.isEmpty() ? OptionalLong.empty() : OptionalLong.of(second(date)));
    }

    private static long second(String date) {
        try {
            return LocalDate.parse(date).atStartOfDay().toEpochSecond(ZoneOffset.UTC);
        } catch (DateTimeException broken) {
            throw invalid("source.stripe.startDate is not a date such as 2020-01-01");
        }
    }

    private static SourceException invalid(String message) {
        return new SourceException(Problem.of(SourceProblem.INVALID_CONFIGURATION, message));
    }
}
