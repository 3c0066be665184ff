package io.sequin.operator.kube;

import io.sequin.api.v1alpha1.CaSource;
import io.sequin.api.v1alpha1.CredentialsSecretRef;
import io.sequin.api.v1alpha1.Destination;
import io.sequin.api.v1alpha1.PostgresSpec;
import io.sequin.api.v1alpha1.SecretKeyRef;
import io.sequin.api.v1alpha1.Tls;
import io.sequin.data.CredentialRef;
import io.sequin.data.HostPort;
import io.sequin.data.PostgresSettings;
import io.sequin.data.TlsMode;
import io.sequin.data.TlsSettings;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads from a {@link Destination} how its database is reached; used for the Destination itself and for its Syncs. */
public final class DestinationSettings {
    /** Connections that one Destination, and each Sync on it, may hold open. */
    private static final int MAX_CONNECTIONS = 5;

    private DestinationSettings() {}

    /** The settings, with every default filled in; they hold references to Secrets, no values. */
    public static Reading<PostgresSettings> of(Destination destination) {
        PostgresSpec postgres = destination.getSpec().postgres();
        if (postgres == null) {
            return Reading.invalid("spec has none of the kinds of database that this version of the operator knows:"
                    + " set spec.postgres, or update the operator");
        }
        String namespace = destination.getMetadata().getNamespace();
        CredentialsSecretRef credentials = postgres.credentialsSecretRef();
        return tls(namespace, postgres.effectiveTls())
                .map(tls -> new PostgresSettings(
                        new HostPort(postgres.host(), postgres.effectivePort()),
                        postgres.database(),
                        new CredentialRef(namespace, credentials.name(), credentials.effectiveUsernameKey()),
                        new CredentialRef(namespace, credentials.name(), credentials.effectivePasswordKey()),
                        tls,
                        MAX_CONNECTIONS));
    }

    /** The Secrets that the settings refer to. */
    public static Set<SecretName> secrets(PostgresSettings settings) {
        Set<SecretName> names = new LinkedHashSet<>();
        names.add(SecretName.of(settings.username()));
        names.add(SecretName.of(settings.password()));
        settings.tls().ca().map(SecretName::of).ifPresent(names::add);
        return names;
    }

    private static Reading<TlsSettings> tls(String namespace, Tls tls) {
        return switch (tls.effectiveMode()) {
            case DISABLE -> new Reading.Valid<>(new TlsSettings(TlsMode.DISABLE, Optional.empty()));
            case VERIFY_FULL -> verifyFull(namespace, tls.caFrom());
            case UNKNOWN ->
                Reading.invalid("spec.postgres.tls.mode has a value that this version of the operator does not know:"
                        + " use disable or verify-full, or update the operator");
        };
    }

    private static Reading<TlsSettings> verifyFull(String namespace, @Nullable CaSource from) {
        if (from == null) {
            return new Reading.Valid<>(new TlsSettings(TlsMode.VERIFY_FULL, Optional.empty()));
        }
        SecretKeyRef secret = from.secretKeyRef();
        if (secret == null) {
            return Reading.invalid("spec.postgres.tls.caFrom has no member that this version of the operator knows:"
                    + " set secretKeyRef, or update the operator");
        }
        CredentialRef ca = new CredentialRef(namespace, secret.name(), secret.key());
        return new Reading.Valid<>(new TlsSettings(TlsMode.VERIFY_FULL, Optional.of(ca)));
    }
}
