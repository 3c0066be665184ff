package io.sequin.operator.kube;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.sequin.credentials.CredentialProblem;
import io.sequin.credentials.CredentialSource;
import io.sequin.credentials.SecretValue;
import io.sequin.data.CredentialRef;
import io.sequin.data.Problem;
import io.sequin.data.ProblemException;
import java.net.HttpURLConnection;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Credentials from Secrets, read by name from the API server each time and kept nowhere. */
public final class KubernetesCredentials implements CredentialSource {
    private final KubernetesClient client;

    public KubernetesCredentials(KubernetesClient client) {
        this.client = client;
    }

    @Override
    public SecretValue read(CredentialRef ref) {
        Secret secret = get(ref);
        if (secret == null) {
            throw problem(
                    CredentialProblem.SECRET_NOT_FOUND,
                    "Secret " + ref.name() + " does not exist in namespace " + ref.namespace() + ": create it",
                    null);
        }
        Map<String, String> data = secret.getData();
        String encoded = data == null ? null : data.get(ref.key());
        if (encoded == null || encoded.isEmpty()) {
            throw problem(
                    CredentialProblem.SECRET_KEY_MISSING,
                    "Secret " + ref.name() + " has no value for the key " + ref.key() + ": add it",
                    null);
        }
        return new SecretValue(Base64.getDecoder().decode(encoded));
    }

    private @Nullable Secret get(CredentialRef ref) {
        try {
            return client.secrets()
                    .inNamespace(ref.namespace())
                    .withName(ref.name())
                    .get();
        } catch (KubernetesClientException e) {
            String why = e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
                    ? "the operator's ServiceAccount may not read Secrets in namespace " + ref.namespace()
                            + ": apply config/rbac/namespaced there"
                    : "the API server did not answer as expected; it is tried again";
            throw problem(CredentialProblem.SECRET_UNREADABLE, "Secret " + ref.name() + " can't be read: " + why, e);
        }
    }

    private static ProblemException problem(CredentialProblem code, String message, @Nullable Throwable cause) {
        return new ProblemException(Problem.of(code, message), cause);
    }
}
