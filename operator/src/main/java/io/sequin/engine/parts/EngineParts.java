package io.sequin.engine.parts;

import io.sequin.engine.KnownStorage;
import io.sequin.postgres.load.DestinationSessions;
import io.sequin.source.SourceConnector;
import io.sequin.source.SourceContext;
import java.time.Clock;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * What all Syncs of this process work with.
 *
 * @param connectors by kind
 * @param context what sources are opened with
 * @param known what is remembered of Syncs outside of their databases
 * @param budget of all lanes of the process
 * @param clock for waits; a source's time is asked of the source
 * @param random for jitter; used by many threads
 */
public record EngineParts(
        Map<String, SourceConnector> connectors,
        SourceContext context,
        DestinationSessions destinations,
        KnownStorage known,
        ByteBudget budget,
        EngineSettings settings,
        Clock clock,
        RandomGenerator random) {
    public EngineParts {
        connectors = Map.copyOf(connectors);
    }
}
