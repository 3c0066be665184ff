package io.sequin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** The database server as the operator last saw it: effective values, not what the manifest asked for. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ServerStatus(
        @JsonPropertyDescription("Version of the server, for example 16.4.") @Nullable
        String version,

        @JsonPropertyDescription("TLS version of the connection that came about, for example TLSv1.3; off without TLS.")
        @Nullable
        String tls,

        @JsonPropertyDescription("The database user that the operator logged in as.") @Nullable
        String user,

        @JsonPropertyDescription("IP address and port of the server that answered.") @Nullable
        String address,

        @JsonPropertyDescription("Whether the server refuses writes, for example because it is a standby.") @Nullable
        Boolean readOnly) {}
