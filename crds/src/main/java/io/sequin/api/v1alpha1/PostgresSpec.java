package io.sequin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** A Postgres server of the user's own, and how to log in. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "self.host.matches(r'" + PostgresSpec.HOST + "')",
        message =
                "host must be a host name or an IP address, without scheme, user, port or path: put the port in spec.postgres.port",
        fieldPath = ".host")
@ValidationRule(
        value = "size(bytes(self.database)) <= 63 && self.database.matches(r'" + PostgresSpec.DATABASE + "')",
        message = "database must have at most 63 bytes (a letter with an umlaut has two) and no control characters:"
                + " copy the name that psql -l shows",
        fieldPath = ".database")
public record PostgresSpec(
        @JsonPropertyDescription("The Secret with the user name and the password to log in with.") @Required
        CredentialsSecretRef credentialsSecretRef,

        @JsonPropertyDescription(
                "Host name or IP address of the server, as the operator reaches it from inside the cluster.")
        @Required
        @Size(min = 1, max = 253)
        @Pattern(PostgresSpec.HOST)
        String host,

        @JsonPropertyDescription("TCP port of the server. Absent means 5432.") @Min(1) @Max(65535) @Nullable
        Integer port,

        @JsonPropertyDescription("Name of the database to write to. It must exist.") @Required @Size(min = 1, max = 63)
        String database,

        @JsonPropertyDescription(
                "Protection of the connection. Absent means verify-full with the operator's own trust store.")
        @Nullable
        Tls tls,

        @JsonPropertyDescription(
                "Most connections that the operator holds open at once for this Destination and all its Syncs together;"
                        + " one of them is kept for verification. From 2 to 100. Absent means 5.")
        @Min(2)
        @Max(100)
        @Nullable
        Integer maxConnections) {

    /** A host name (underscores as some resolvers allow them), an IPv4 address, or an IPv6 address without brackets. */
    static final String HOST =
            "^([a-zA-Z0-9_]([-a-zA-Z0-9_.]*[a-zA-Z0-9_.])?|[0-9a-fA-F.]*:[0-9a-fA-F.]*:[0-9a-fA-F:.]*)$";
    /** No control characters: Postgres would take most of them, a person can't read them. */
    static final String DATABASE = "^[^\\x00-\\x1f\\x7f]+$";

    private static final int DEFAULT_PORT = 5432;
    private static final int DEFAULT_MAX_CONNECTIONS = 5;

    /** The TCP port to connect to; 5432 unless the manifest says otherwise. */
    public int effectivePort() {
        return port == null ? DEFAULT_PORT : port;
    }

    /** Most connections to this Destination at once; 5 unless the manifest says otherwise. */
    public int effectiveMaxConnections() {
        return maxConnections == null ? DEFAULT_MAX_CONNECTIONS : maxConnections;
    }

    /** TLS of the connection; {@link TlsMode#VERIFY_FULL} with the JVM's trust store unless the manifest says otherwise. */
    public Tls effectiveTls() {
        return tls == null ? new Tls(null, null) : tls;
    }
}
