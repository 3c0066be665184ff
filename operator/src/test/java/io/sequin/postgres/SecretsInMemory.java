package io.sequin.postgres;

import io.sequin.credentials.CredentialProblem;
import io.sequin.credentials.CredentialSource;
import io.sequin.credentials.SecretValue;
import io.sequin.data.CredentialRef;
import io.sequin.data.Problem;
import io.sequin.data.ProblemException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The Secrets of one test, changeable while it runs. */
public final class SecretsInMemory implements CredentialSource {
    private final Map<CredentialRef, SecretValue> values = new ConcurrentHashMap<>();

    public static CredentialRef ref(String key) {
        return new CredentialRef("team", "warehouse", key);
    }

    public void put(String key, String value) {
        values.put(ref(key), SecretValue.of(value));
    }

    @Override
    public SecretValue read(CredentialRef ref) {
        SecretValue value = values.get(ref);
        if (value == null) {
            throw new ProblemException(Problem.of(CredentialProblem.SECRET_KEY_MISSING, ref + ", is missing"));
        }
        return value;
    }
}
