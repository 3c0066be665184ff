package io.sequin.source;

import io.sequin.data.SourceConfig;

/** A kind of source. Adding one: a package with this, a record in the API, a line in the registry. */
public interface SourceConnector {
    /** The member of {@code spec.source} that names it, such as {@code stripe}. */
    String kind();

    /**
     * Opens it; no I/O yet.
     *
     * @throws SourceException where the settings are invalid
     */
    SourceSession open(SourceConfig config, SourceContext context);
}
