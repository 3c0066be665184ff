package io.sequin.testkit.demo;

import io.fabric8.kubernetes.api.model.AuthInfoBuilder;
import io.fabric8.kubernetes.api.model.Config;
import io.fabric8.kubernetes.api.model.NamedAuthInfoBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;

/** The user's own kubeconfig with a ServiceAccount's token in place of the user. */
record ForeignTokens(KubernetesClient admin, Path kubeconfig) implements BiFunction<String, String, String> {
    private static final Duration LIFETIME = Duration.ofHours(24);

    @Override
    public String apply(String namespace, String serviceAccount) {
        TokenRequest request = new TokenRequestBuilder()
                .withNewSpec()
                .withExpirationSeconds(LIFETIME.toSeconds())
                .endSpec()
                .build();
        String token = admin.serviceAccounts()
                .inNamespace(namespace)
                .withName(serviceAccount)
                .tokenRequest(request)
                .getStatus()
                .getToken();
        Config config = read();
        String user = "sequin-demo";
        config.setUsers(List.of(new NamedAuthInfoBuilder()
                .withName(user)
                .withUser(new AuthInfoBuilder().withToken(token).build())
                .build()));
        config.getContexts().forEach(context -> context.getContext().setUser(user));
        return Serialization.asYaml(config);
    }

    private Config read() {
        try {
            return Serialization.unmarshal(Files.readString(kubeconfig), Config.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
