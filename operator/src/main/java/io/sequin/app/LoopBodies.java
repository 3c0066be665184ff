package io.sequin.app;

import io.sequin.credentials.CredentialSource;
import io.sequin.data.ResourceKey;
import io.sequin.engine.KnownStorage;
import io.sequin.engine.SyncPlan;
import io.sequin.engine.SyncSnapshot;
import io.sequin.loop.LoopFactory;
import io.sequin.observability.Recorder;
import io.sequin.observability.Usage;
import io.sequin.verify.DestinationPlan;
import io.sequin.verify.DestinationSnapshot;
import java.time.Clock;
import java.util.random.RandomGenerator;

/** What the loops of both kinds do, with the pools and clients they share. Knows nothing of Kubernetes. */
interface LoopBodies extends AutoCloseable {
    /** Verification of a Destination. */
    LoopFactory<ResourceKey, DestinationPlan, DestinationSnapshot> verify();

    /** Work of a Sync. */
    LoopFactory<ResourceKey, SyncPlan, SyncSnapshot> sync();

    /** How they use what they share. */
    Usage usage();

    /** Closes pools and clients; the loops have ended. */
    @Override
    void close();

    /** Makes them. */
    @FunctionalInterface
    interface Maker {
        /**
         * @param known what is remembered of Syncs outside of their databases
         * @param recorder told of what happens, for metrics
         */
        LoopBodies make(
                CredentialSource credentials,
                KnownStorage known,
                Clock clock,
                RandomGenerator random,
                Recorder recorder);
    }
}
