package io.sequin.app.config;

/** A setting that can't be used. The message names the setting and the values it takes; it is shown as it is. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        super(message);
    }
}
