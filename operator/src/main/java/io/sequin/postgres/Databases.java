package io.sequin.postgres;

import io.sequin.data.PostgresSettings;

/** Opens databases. No I/O until a connection is asked for. */
@FunctionalInterface
public interface Databases {
    /**
     * @param application what {@code pg_stat_activity.application_name} shows, at most 63 bytes
     */
    Database open(PostgresSettings settings, String application);
}
