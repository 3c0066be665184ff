package io.sequin.engine.board;

import io.sequin.data.Problem;
import io.sequin.engine.ResyncProgress;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.load.ResyncState;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What is known of a Sync's re-syncs, for all its threads; tells of each change. */
public final class ResyncBoard {
    private final Runnable changed;
    private @Nullable ResyncProgress progress;

    ResyncBoard(Runnable changed) {
        this.changed = changed;
    }

    /** What is to be synced again, as found in the database. */
    public void found(ResyncState state) {
        change(before -> ResyncProgress.of(state));
    }

    /** Some tables are done. */
    public void done(ResyncState after) {
        change(before -> before.with(after));
    }

    /** These tables got on. */
    public void advanced(Set<String> tables) {
        change(before -> before.without(tables));
    }

    /** It got on with a table and deleted nothing: what a person must confirm is still to be. */
    void looked(String table) {
        change(before -> {
            Problem why = before.waiting().get(table);
            boolean stays = why == null || why.code() == PostgresProblem.DELETES_NEED_CONFIRMATION;
            return stays ? before : before.without(Set.of(table));
        });
    }

    /** The re-sync of a table waits; the table itself goes on. */
    void waits(String table, Problem why) {
        change(before -> before.waitingFor(table, why));
    }

    /** Whether the table is still to be synced again. */
    public boolean isLeft(String table) {
        return progress().filter(p -> p.left().contains(table)).isPresent();
    }

    /** Empty before the database was asked. */
    synchronized Optional<ResyncProgress> progress() {
        return Optional.ofNullable(progress);
    }

    private void change(UnaryOperator<ResyncProgress> to) {
        synchronized (this) {
            ResyncProgress before = progress;
            progress = to.apply(before == null ? ResyncProgress.NONE : before);
            if (progress.equals(before)) {
                return;
            }
        }
        changed.run();
    }
}
