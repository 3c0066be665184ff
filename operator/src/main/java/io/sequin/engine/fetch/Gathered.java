package io.sequin.engine.fetch;

import io.sequin.data.Checkpoint;
import io.sequin.engine.order.Answer;
import io.sequin.engine.order.RequestOrder;
import io.sequin.engine.parts.ByteBudget;
import io.sequin.source.Page;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Pages of a listing on their way to a commit. Holds their bytes, and their flight until it is closed. */
public final class Gathered implements AutoCloseable {
    final ByteBudget.Reservation held;
    final RequestOrder.Flight flight;
    private final List<Answer> answers = new ArrayList<>();
    private final Instant latest;
    private Checkpoint position;
    private int rows;
    private long bytes;
    private boolean end;
    private boolean safe;

    Gathered(ByteBudget.Reservation held, RequestOrder.Flight flight, Checkpoint from, Instant latest) {
        this.held = held;
        this.flight = flight;
        this.position = from;
        this.latest = latest;
    }

    void add(long number, Page page) {
        answers.add(new Answer(number, page.changes()));
        rows += page.changes().size();
        bytes += Pages.bytes(page.changes());
        held.resize(bytes);
        position = page.next();
        end = page.end();
        safe = end || page.safe();
    }

    /** It must go on, and must not wait while it holds something. */
    void overdraw(int more) {
        held.resize(bytes + more);
    }

    /** What was read until now, in order. */
    public List<Answer> answers() {
        return answers;
    }

    /** Where to read on. */
    public Checkpoint position() {
        return position;
    }

    /** Then it is worth a commit, whatever there is. */
    Instant latest() {
        return latest;
    }

    int rows() {
        return rows;
    }

    long bytes() {
        return bytes;
    }

    /** There is something that may be committed without what follows. */
    boolean isOfUse() {
        return safe && rows > 0;
    }

    /** The listing is complete. */
    public boolean end() {
        return end;
    }

    @Override
    public void close() {
        flight.close();
        held.close();
    }
}
