package io.sequin.testkit.kube;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Writes kubeconfig files that need no other file.
 *
 * @param url of the API server
 * @param authority PEM of what vouches for its certificate
 */
record KubeConfigText(String url, String authority) {
    String withCertificate(String namespace, String certificate, String key) {
        return with(namespace, """
                client-certificate-data: %s
                    client-key-data: %s""".formatted(base64(certificate), base64(key)));
    }

    String withToken(String namespace, String token) {
        return with(namespace, "token: " + token);
    }

    private String with(String namespace, String user) {
        return """
                apiVersion: v1
                kind: Config
                clusters:
                - name: sequin-test
                  cluster:
                    server: %s
                    certificate-authority-data: %s
                users:
                - name: sequin-test
                  user:
                    %s
                contexts:
                - name: sequin-test
                  context: {cluster: sequin-test, user: sequin-test, namespace: %s}
                current-context: sequin-test
                """.formatted(url, base64(authority), user, namespace);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
