package io.sequin.engine.fetch;

import io.sequin.data.Checkpoint;
import io.sequin.engine.lane.LaneThreads;
import io.sequin.source.Lane;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Fetches the pages of a listing's next batch while the one before is committed: one batch at most, and only where memory
 * is free for it. Where the commit fails, what was fetched counts for nothing. For one thread.
 */
public final class ReadAhead implements AutoCloseable {
    private final Gatherer gatherer;
    private final Lane whole;
    private final LaneThreads threads = new LaneThreads("ahead");
    private @Nullable Fetch fetch;

    /** A batch that a thread of its own fetches. */
    private record Fetch(Lane lane, Checkpoint from, Thread thread, CompletableFuture<Gathered> batch) {}

    /** @param whole the source's own lane */
    public ReadAhead(Gatherer gatherer, Lane whole) {
        this.gatherer = gatherer;
        this.whole = whole;
    }

    /**
     * The next batch, waited for or read now. The caller holds no other batch: one that is waited for may need the room.
     *
     * @param lane the source's lane, without the tables that are not wanted now
     * @param most so many rows are enough; what it takes to stop safely is read in any case
     */
    public Gathered next(Lane lane, Checkpoint from, int most) throws InterruptedException {
        Fetch begun = fetch;
        if (begun == null || !begun.lane().equals(lane) || !begun.from().equals(from)) {
            discard();
            return gatherer.gather(whole, lane, from, most);
        }
        try {
            Gathered batch = gatherer.complete(begun.batch().get(), whole, lane, most);
            fetch = null;
            return batch;
        } catch (ExecutionException e) {
            fetch = null;
            throw failure(e.getCause());
        }
    }

    private static RuntimeException failure(@Nullable Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException failed ? failed : new IllegalStateException("a fetch failed", cause);
    }

    /** Begins to fetch what follows a batch, if anything does: so many rows at least are enough. */
    public void begin(Lane lane, Gathered before, int most) throws InterruptedException {
        if (before.end()) {
            return;
        }
        Checkpoint from = before.position();
        Optional<Gathered> room = gatherer.ahead(whole, from);
        if (room.isPresent()) {
            CompletableFuture<Gathered> batch = new CompletableFuture<>();
            Thread thread = threads.newThread(() -> fetch(room.get(), lane, most, batch));
            fetch = new Fetch(lane, from, thread, batch);
            thread.start();
        }
    }

    @SuppressWarnings("InterruptedExceptionSwallowed") // only discard() interrupts, and wants no answer
    private void fetch(Gathered begun, Lane lane, int most, CompletableFuture<Gathered> batch) {
        try {
            batch.complete(gatherer.fill(begun, whole, lane, most));
        } catch (Throwable e) {
            batch.completeExceptionally(e);
        }
    }

    @Override
    public void close() {
        discard();
    }

    /** Throws away what was fetched, and ends what is under way. */
    public void discard() {
        Fetch begun = fetch;
        fetch = null;
        if (begun != null) {
            begun.thread().interrupt();
            joined(begun.thread());
            if (!begun.batch().isCompletedExceptionally()) {
                begun.batch().join().close();
            }
        }
    }

    /** Nothing of it may go on afterwards, so an interrupt has to wait. */
    private static void joined(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
