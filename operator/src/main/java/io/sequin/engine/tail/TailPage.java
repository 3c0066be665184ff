package io.sequin.engine.tail;

import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import io.sequin.engine.order.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A page that was read but not applied yet. Where that failed it is used again together with what was fetched for it: a
 * page read anew may hold a later event of a row that was fetched before that event. So is what is left of one whose
 * hints lead to more than may be held at once.
 *
 * @param number of the request that brought it
 * @param since when it was read, or got on last
 */
record TailPage(Checkpoint from, long number, List<Change> read, Checkpoint next, boolean end, Instant since) {
    /** What was fetched in vain is not kept for longer: as long all that others apply must be remembered. */
    private static final Duration KEPT = Duration.ofMinutes(1);

    TailPage {
        read = List.copyOf(read);
    }

    boolean isHintsAlone() {
        return read.stream().allMatch(Change.Hint.class::isInstance);
    }

    List<Change.Hint> hints() {
        return read.stream()
                .filter(Change.Hint.class::isInstance)
                .map(Change.Hint.class::cast)
                .toList();
    }

    /** What it brought itself. */
    Answer rows() {
        return new Answer(
                number,
                read.stream().filter(change -> !(change instanceof Change.Hint)).toList());
    }

    /** The same once all but these of its hints are behind it; what was fetched was not in vain. */
    TailPage left(List<Change.Hint> hints, Instant now) {
        return new TailPage(from, number, List.copyOf(hints), next, end, now);
    }

    /** Whether it is kept for too long: now, or when it may be tried again; or nobody knows, since the clock was set back. */
    boolean isLong(Instant now, Optional<Instant> retryAt) {
        Instant end = since.plus(KEPT);
        return !now.isBefore(end)
                || now.isBefore(since)
                || retryAt.filter(end::isBefore).isPresent();
    }
}
