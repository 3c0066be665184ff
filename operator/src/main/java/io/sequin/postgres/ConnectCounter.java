package io.sequin.postgres;

import java.util.concurrent.atomic.LongAdder;

/** Counts the connections of all pools. */
final class ConnectCounter {
    private final LongAdder opened = new LongAdder();
    private final LongAdder failed = new LongAdder();

    void opened() {
        opened.increment();
    }

    void failed() {
        failed.increment();
    }

    Connects soFar() {
        return new Connects(opened.sum(), failed.sum());
    }
}
