package io.sequin.source;

import java.time.Duration;

/** Hears of every request to a source; for metrics. Called on the thread of the request: must not block. */
public interface RequestListener {
    /** Hears nothing. */
    RequestListener NONE = new RequestListener() {
        @Override
        public void ended(String kind, Purpose purpose, Result result, Duration took) {
            // nobody listens
        }

        @Override
        public void waited(String kind, Purpose purpose, Duration time) {
            // nobody listens
        }
    };

    /** How a request ended. */
    enum Result {
        OK,
        /** 404. */
        NOT_FOUND,
        /** 401 or 403. */
        DENIED,
        /** 429. */
        RATE_LIMITED,
        /** Any other status. */
        ERROR,
        /** No answer. */
        UNREACHABLE;

        /** The class of an answer. */
        public static Result of(int status) {
            return switch (status) {
                case 401, 403 -> DENIED;
                case 404 -> NOT_FOUND;
                case 429 -> RATE_LIMITED;
                default -> status >= 200 && status < 300 ? OK : ERROR;
            };
        }
    }

    /**
     * A request ended.
     *
     * @param took from when it was sent
     */
    void ended(String kind, Purpose purpose, Result result, Duration took);

    /**
     * A request was let through, or sent away until later.
     *
     * @param time it had waited for its place in the budget
     */
    void waited(String kind, Purpose purpose, Duration time);
}
