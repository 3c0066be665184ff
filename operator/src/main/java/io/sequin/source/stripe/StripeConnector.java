package io.sequin.source.stripe;

import io.sequin.data.CredentialRef;
import io.sequin.data.Problem;
import io.sequin.data.SourceConfig;
import io.sequin.source.SourceConnector;
import io.sequin.source.SourceContext;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import io.sequin.source.SourceSession;
import io.sequin.source.http.AnswerLimit;
import io.sequin.source.http.HttpCalls;
import java.time.Duration;

/** Stripe, read through its API with a secret or a restricted key. */
public final class StripeConnector implements SourceConnector {
    /** The member of {@code spec.source}. */
    public static final String KIND = "stripe";

    private static final String KEY_FIELD = "apiKeySecretRef";

    private final AnswerLimit limit;

    public StripeConnector() {
        this(HttpCalls.ANSWER_TIMEOUT);
    }

    StripeConnector(Duration answerTimeout) {
        this.limit = AnswerLimit.of(answerTimeout);
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public SourceSession open(SourceConfig config, SourceContext context) {
        CredentialRef ref = config.credentials().get(KEY_FIELD);
        if (ref == null) {
            throw new SourceException(
                    Problem.of(SourceProblem.INVALID_CONFIGURATION, "source.stripe." + KEY_FIELD + " is missing"));
        }
        StripeSettings settings = StripeSettings.of(config.settings());
        StripeApi api = new StripeApi(
                new HttpCalls(context.http(), limit),
                context.endpoints().getOrDefault(KIND, StripeApi.PUBLIC),
                new StripeCredential(context.credentials(), ref, context.clock()),
                settings.account(),
                context);
        return new StripeSession(api, settings.since());
    }
}
