package io.sequin.postgres.load.session;

import io.sequin.postgres.PostgresException;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.load.CommitListener;
import io.sequin.postgres.load.Committed;
import java.time.Duration;
import java.util.function.Supplier;

/** Tells a listener how each batch came out and how long it took. */
final class MeasuredCommits {
    private final CommitListener listener;

    MeasuredCommits(CommitListener listener) {
        this.listener = listener;
    }

    /** Commits a batch. */
    Committed run(Supplier<Committed> commit) {
        long start = System.nanoTime();
        CommitListener.Result result = CommitListener.Result.FAILED;
        try {
            Committed committed = commit.get();
            result = CommitListener.Result.COMMITTED;
            return committed;
        } catch (PostgresException e) {
            if (e.problem().code() == PostgresProblem.FENCED_OUT) {
                result = CommitListener.Result.FENCED;
            }
            throw e;
        } finally {
            listener.ended(result, Duration.ofNanos(System.nanoTime() - start));
        }
    }
}
