package io.sequin.api.server;

/** Manifests that differ in one field. */
final class Manifests {
    private Manifests() {}

    /** A Destination whose field of {@code spec.postgres} has this value, in YAML. */
    static String destination(String name, String field, String value) {
        String host = field.equals("host") ? value : "db.example.com";
        String database = field.equals("database") ? value : "app";
        String interval = field.equals("verifyInterval") ? value : "60s";
        String tls = field.equals("tls") ? value : "{}";
        String connections = field.equals("maxConnections") ? value : "5";
        return """
                apiVersion: sequin.io/v1alpha1
                kind: Destination
                metadata: {name: %s}
                spec:
                  verifyInterval: %s
                  postgres:
                    credentialsSecretRef: {name: warehouse-sequin}
                    host: %s
                    database: %s
                    tls: %s
                    maxConnections: %s
                """.formatted(name, interval, host, database, tls, connections);
    }

    /** A Sync whose field of {@code spec} has this value, in YAML. */
    static String sync(String name, String field, String value) {
        String schema = field.equals("schema") ? value : "stripe";
        String interval = field.equals("pollInterval") ? value : "30s";
        return """
                apiVersion: sequin.io/v1alpha1
                kind: Sync
                metadata: {name: %s}
                spec:
                  destinationRef: {name: warehouse}
                  schema: %s
                  pollInterval: %s
                  source: {stripe: {apiKeySecretRef: {name: stripe, key: api-key}}}
                """.formatted(name, schema, interval);
    }

    static String destination(String name) {
        return destination(name, "", "");
    }

    static String sync(String name) {
        return sync(name, "", "");
    }
}
