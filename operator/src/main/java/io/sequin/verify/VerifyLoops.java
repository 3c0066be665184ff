package io.sequin.verify;

import io.sequin.data.ResourceKey;
import io.sequin.loop.LoopBody;
import io.sequin.loop.LoopFactory;
import io.sequin.loop.RunPermit;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Makes the loops of Destinations, which share one prober. */
public final class VerifyLoops implements LoopFactory<ResourceKey, DestinationPlan, DestinationSnapshot> {
    private final Prober prober;
    private final InstantSource clock;
    private final RandomGenerator random;

    /**
     * @param random for jitter; used by many threads
     */
    public VerifyLoops(Prober prober, InstantSource clock, RandomGenerator random) {
        this.prober = prober;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public LoopBody create(
            ResourceKey key, DestinationPlan plan, RunPermit permit, Consumer<DestinationSnapshot> publish) {
        return new VerifyLoop(plan, prober, new VerifySchedule(plan.verifyInterval(), random), clock, publish);
    }
}
