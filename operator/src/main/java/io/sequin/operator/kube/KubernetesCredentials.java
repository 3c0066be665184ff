package io.sequin.operator.kube;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.sequin.credentials.CredentialProblem;
import io.sequin.credentials.CredentialSource;
import io.sequin.credentials.SecretValue;
import io.sequin.data.CredentialRef;
import io.sequin.data.CredentialRef.Kind;
import io.sequin.data.Problem;
import io.sequin.data.ProblemException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Credentials from Secrets and ConfigMaps, read by name from the API server each time and kept nowhere. */
public final class KubernetesCredentials implements CredentialSource {
    private final KubernetesClient client;

    public KubernetesCredentials(KubernetesClient client) {
        this.client = client;
    }

    @Override
    public SecretValue read(CredentialRef ref) {
        byte[] value = switch (ref.kind()) {
            case SECRET -> inSecret(ref);
            case CONFIG_MAP -> inConfigMap(ref);
        };
        if (value.length == 0) {
            throw problem(
                    ref,
                    CredentialProblem.SECRET_KEY_MISSING,
                    CredentialProblem.CONFIG_MAP_KEY_MISSING,
                    " has no value for the key " + ref.key() + ": add it",
                    null);
        }
        return new SecretValue(value);
    }

    private byte[] inSecret(CredentialRef ref) {
        Secret secret = get(ref, client.secrets());
        return decoded(secret.getData(), ref.key());
    }

    private byte[] inConfigMap(CredentialRef ref) {
        ConfigMap configMap = get(ref, client.configMaps());
        String text = configMap.getData() == null ? null : configMap.getData().get(ref.key());
        return text == null ? decoded(configMap.getBinaryData(), ref.key()) : text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] decoded(@Nullable Map<String, String> data, String key) {
        String encoded = data == null ? null : data.get(key);
        return encoded == null ? new byte[0] : Base64.getDecoder().decode(encoded);
    }

    private static <T extends HasMetadata> T get(
            CredentialRef ref, MixedOperation<T, ?, ? extends Resource<T>> objects) {
        T found;
        try {
            found = objects.inNamespace(ref.namespace()).withName(ref.name()).get();
        } catch (KubernetesClientException e) {
            String why = e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
                    ? "the operator's ServiceAccount may not read " + ref.kind() + "s in namespace " + ref.namespace()
                            + ": apply config/rbac/namespaced there"
                    : "the API server did not answer as expected; it is tried again";
            throw problem(
                    ref,
                    CredentialProblem.SECRET_UNREADABLE,
                    CredentialProblem.CONFIG_MAP_UNREADABLE,
                    " can't be read: " + why,
                    e);
        }
        if (found == null) {
            throw problem(
                    ref,
                    CredentialProblem.SECRET_NOT_FOUND,
                    CredentialProblem.CONFIG_MAP_NOT_FOUND,
                    " does not exist in namespace " + ref.namespace() + ": create it",
                    null);
        }
        return found;
    }

    private static ProblemException problem(
            CredentialRef ref,
            CredentialProblem ofSecret,
            CredentialProblem ofConfigMap,
            String what,
            @Nullable Throwable cause) {
        CredentialProblem code = ref.kind() == Kind.SECRET ? ofSecret : ofConfigMap;
        return new ProblemException(Problem.of(code, ref.kind() + " " + ref.name() + what), cause);
    }
}
