package io.sequin.source.http;

import io.sequin.network.Deadlines;
import java.time.Duration;

/**
 * How long a whole answer may take. One is enough for all calls of a process, which one thread then looks at.
 *
 * @param deadlines of the calls under way
 */
public record AnswerLimit(Deadlines deadlines) {
    /** So long, connecting and body included. */
    public static AnswerLimit of(Duration most) {
        return new AnswerLimit(new Deadlines(most));
    }
}
