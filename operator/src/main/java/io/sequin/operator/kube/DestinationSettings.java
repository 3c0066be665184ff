package io.sequin.operator.kube;

import io.sequin.api.v1alpha1.CaSource;
import io.sequin.api.v1alpha1.ConfigMapKeyRef;
import io.sequin.api.v1alpha1.CredentialsSecretRef;
import io.sequin.api.v1alpha1.Destination;
import io.sequin.api.v1alpha1.PostgresSpec;
import io.sequin.api.v1alpha1.SecretKeyRef;
import io.sequin.api.v1alpha1.Tls;
import io.sequin.data.CredentialRef;
import io.sequin.data.CredentialRef.Kind;
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
    private DestinationSettings() {}

    /** The settings, with every default filled in; they hold references, no values. */
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
                        postgres.effectiveMaxConnections()));
    }

    /** The Secrets and ConfigMaps that the settings refer to. */
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
            case ALLOW -> trusting(TlsMode.ALLOW, namespace, tls.caFrom());
            case PREFER -> trusting(TlsMode.PREFER, namespace, tls.caFrom());
            case REQUIRE -> trusting(TlsMode.REQUIRE, namespace, tls.caFrom());
            case VERIFY_CA -> trusting(TlsMode.VERIFY_CA, namespace, tls.caFrom());
            case VERIFY_FULL -> trusting(TlsMode.VERIFY_FULL, namespace, tls.caFrom());
            case UNKNOWN ->
                Reading.invalid("spec.postgres.tls.mode has a value that this version of the operator does not know:"
                        + " use verify-full, or update the operator");
        };
    }

    private static Reading<TlsSettings> trusting(TlsMode mode, String namespace, @Nullable CaSource from) {
        if (from == null) {
            return mode == TlsMode.VERIFY_CA
                    ? Reading.invalid("spec.postgres.tls.mode verify-ca needs spec.postgres.tls.caFrom: set it, or use"
                            + " verify-full")
                    : new Reading.Valid<>(new TlsSettings(mode, Optional.empty()));
        }
        SecretKeyRef secret = from.secretKeyRef();
        ConfigMapKeyRef configMap = from.configMapKeyRef();
        if (secret != null) {
            return authorities(mode, new CredentialRef(namespace, secret.name(), secret.key()));
        }
        if (configMap != null) {
            return authorities(mode, new CredentialRef(Kind.CONFIG_MAP, namespace, configMap.name(), configMap.key()));
        }
        return Reading.invalid("spec.postgres.tls.caFrom has no member that this version of the operator knows:"
                + " set secretKeyRef or configMapKeyRef, or update the operator");
    }

    private static Reading<TlsSettings> authorities(TlsMode mode, CredentialRef ca) {
        return new Reading.Valid<>(new TlsSettings(mode, Optional.of(ca)));
    }
}
