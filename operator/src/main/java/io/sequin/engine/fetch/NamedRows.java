package io.sequin.engine.fetch;

import io.sequin.data.Change;
import io.sequin.engine.lane.OpenSync;
import io.sequin.engine.order.RequestOrder;
import io.sequin.engine.parts.ByteBudget;
import io.sequin.engine.parts.EngineParts;
import io.sequin.engine.trouble.LaneException;
import io.sequin.source.SourceProblem;
import io.sequin.source.SourceSession;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Fetches rows by name, where there is memory for them, and hands them on while their requests count as under way. */
public final class NamedRows {
    private final OpenSync sync;
    private final RequestOrder order;
    private final EngineParts parts;
    /** The last fetch met a rate limit. */
    private volatile boolean limited;

    /** @param order numbers the requests */
    public NamedRows(OpenSync sync, RequestOrder order, EngineParts parts) {
        this.sync = sync;
        this.order = order;
        this.parts = parts;
    }

    /** Asks the source. */
    public interface Ask {
        /** From here on what changes may have changed after the answer. */
        Fetched by(HintFetcher fetcher, RequestOrder.Flight flight, List<Change.Hint> hints)
                throws InterruptedException;
    }

    /** Does something with what came. */
    public interface Use {
        /**
         * Where the fetch of some tables failed it is to see to that.
         *
         * @return false: nothing more is wanted
         */
        boolean of(Fetched fetched) throws InterruptedException;
    }

    /**
     * Fetches, in pieces of what may be held at once. Where a rate limit ends it, what has come by then is used: the same
     * limit may never let all of it through at once.
     *
     * @param source {@link SourceSession#fetch} or {@link SourceSession#confirm}
     * @param hints what is asked for
     * @param tables all whose rows are wanted
     * @param use called once for each piece
     * @return false: some piece's use wanted nothing more
     * @throws io.sequin.engine.trouble.LaneException where the whole source fails, or sends what it must not
     */
    public boolean fetch(HintFetcher.Source source, List<Change.Hint> hints, Set<String> tables, Ask ask, Use use)
            throws InterruptedException {
        HintFetcher fetcher = new HintFetcher(source, parts.settings());
        if (limited) {
            fetcher.careful();
        }
        List<Change.Hint> rest = hints;
        while (!rest.isEmpty()) {
            fetcher.forget();
            Optional<List<Change.Hint>> left = piece(fetcher, rest, tables, ask, use);
            if (left.isEmpty()) {
                return false;
            }
            rest = left.get();
        }
        return true;
    }

    /** What is left of them; empty: nothing more is wanted. */
    private Optional<List<Change.Hint>> piece(
            HintFetcher fetcher, List<Change.Hint> hints, Set<String> tables, Ask ask, Use use)
            throws InterruptedException {
        try (ByteBudget.Reservation held =
                        parts.budget().reserve(parts.settings().pageBytes());
                RequestOrder.Flight flight = order.flight(tables)) {
            Fetched fetched;
            try {
                fetched = ask.by(fetcher, flight, hints);
                limited = false;
            } catch (LaneException e) {
                limited = e.trouble().code() == SourceProblem.RATE_LIMITED;
                if (limited && fetcher.keptRows() > 0) {
                    use(fetcher.kept(List.of()), tables, held, use);
                }
                throw e;
            }
            return use(fetched, tables, held, use) ? Optional.of(fetched.rest()) : Optional.empty();
        }
    }

    private boolean use(Fetched all, Set<String> tables, ByteBudget.Reservation held, Use use)
            throws InterruptedException {
        Fetched fetched = all.only(tables);
        List<Change> changes = fetched.changes();
        Set<String> children = sync.children();
        changes.forEach(change -> Pages.requireSets(change, children));
        held.resize(Pages.bytes(changes));
        return use.of(fetched);
    }
}
