package io.sequin.engine.loop;

import io.sequin.engine.lane.LaneTrack;
import org.slf4j.MDC;

/** Names the lane in each log line of this thread, and of those it starts. */
final class LaneLog {
    private static final String KEY = "lane";

    private LaneLog() {}

    static void begin(LaneTrack track) {
        MDC.put(KEY, track.lane().id().value());
    }

    static void end() {
        MDC.remove(KEY);
    }
}
