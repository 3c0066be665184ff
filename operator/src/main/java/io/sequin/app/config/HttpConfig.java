package io.sequin.app.config;

/**
 * The server of /livez, /readyz and /metrics.
 *
 * @param port TCP port; 0: any free one
 */
public record HttpConfig(int port) {
    private static final int MAX_PORT = 65_535;

    public HttpConfig {
        if (port < 0 || port > MAX_PORT) {
            throw new ConfigException("--http-port: must be 0 (any free port) to " + MAX_PORT + ", not " + port);
        }
    }
}
