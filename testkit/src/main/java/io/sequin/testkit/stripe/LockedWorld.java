package io.sequin.testkit.stripe;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;

/** A {@link World} that several threads read and one changes at a time. */
final class LockedWorld {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final World world;

    LockedWorld(World world) {
        this.world = world;
    }

    <T> T read(Function<World, T> work) {
        return locked(lock.readLock(), work);
    }

    <T> T write(Function<World, T> work) {
        return locked(lock.writeLock(), work);
    }

    void change(Consumer<World> work) {
        write(w -> {
            work.accept(w);
            return w;
        });
    }

    private <T> T locked(Lock held, Function<World, T> work) {
        held.lock();
        try {
            return work.apply(world);
        } finally {
            held.unlock();
        }
    }
}
