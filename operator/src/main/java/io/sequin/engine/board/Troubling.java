package io.sequin.engine.board;

import io.sequin.data.LaneId;
import io.sequin.data.Problem;
import io.sequin.engine.trouble.Trouble;
import io.sequin.engine.trouble.Verdict;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is wrong with a Sync beyond single tables: that it can't be opened, and what its lanes have met. Not safe for threads. */
final class Troubling {
    private final Map<LaneId, Trouble> lanes = new LinkedHashMap<>();
    private @Nullable Trouble opening;
    private @Nullable Carried carried;

    /** What a lane met again and again before all was opened again. */
    private record Carried(LaneId lane, Trouble trouble) {}

    /** Opening failed, or all is to be opened again because of this. */
    void notOpen(Trouble trouble) {
        opening = trouble;
        lanes.clear();
    }

    /** Of which nothing says that a lane gets on. */
    void opened() {
        opening = null;
    }

    /**
     * All is to be opened again for a trouble that this need not cure: it stays shown until the lane that met it gets on,
     * is not needed any more or fails by another one, or any lane commits.
     */
    void carry(LaneId lane, Trouble trouble) {
        carried = new Carried(lane, trouble);
    }

    /** The lane whose trouble is carried still. */
    Optional<LaneId> carrier() {
        return Optional.ofNullable(carried).map(Carried::lane);
    }

    /** A lane does not get on; what is about one of its tables is shown with that. */
    void met(LaneId lane, Trouble trouble) {
        if (trouble.table().isPresent()) {
            over(lane);
            return;
        }
        if (carried == null || trouble.code() != carried.trouble().code()) {
            over(lane);
        }
        lanes.put(lane, trouble);
    }

    /** Whatever was wrong with a lane is over. */
    void over(LaneId lane) {
        lanes.remove(lane);
        if (carried != null && carried.lane().equals(lane)) {
            carried = null;
        }
    }

    /**
     * A lane got on, and has written next to nothing: as after opening, some trouble need not be over.
     *
     * @return whether some is
     */
    boolean looked(LaneId lane) {
        Trouble met = lanes.get(lane);
        return met != null && !Verdict.mayOutliveOpening(met) && lanes.remove(lane, met);
    }

    /** A lane has committed, which nothing that is carried allows. */
    void committed(LaneId lane) {
        lanes.remove(lane);
        carried = null;
    }

    /** The first of an area. */
    Optional<Problem> in(Trouble.Area area) {
        Stream<Trouble> ofAll = Stream.concat(
                Stream.ofNullable(opening), Stream.ofNullable(carried).map(Carried::trouble));
        return Stream.concat(ofAll, lanes.values().stream())
                .filter(trouble -> trouble.area() == area && trouble.table().isEmpty())
                .map(Trouble::problem)
                .findFirst();
    }
}
