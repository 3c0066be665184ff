package io.sequin.loop;

import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts crashes and keeps a listener's own mistakes away from the loops. */
final class CountedListener<K> implements LoopListener<K> {
    private static final Logger LOG = LoggerFactory.getLogger(SupervisedLoops.class);

    private final LoopListener<K> inner;
    private final LongAdder crashes = new LongAdder();

    CountedListener(LoopListener<K> inner) {
        this.inner = inner;
    }

    long crashes() {
        return crashes.sum();
    }

    @Override
    public void changed(K key) {
        try {
            inner.changed(key);
        } catch (RuntimeException e) {
            LOG.error("a listener failed on a change", e);
        }
    }

    @Override
    public void worked(K key) {
        try {
            inner.worked(key);
        } catch (RuntimeException e) {
            LOG.error("a listener failed on a good turn", e);
        }
    }

    @Override
    public void crashed(K key, Throwable error, int consecutive) {
        crashes.increment();
        LOG.error("the loop crashed, {} time(s) in a row; it is tried again", consecutive, error);
        try {
            inner.crashed(key, error, consecutive);
        } catch (RuntimeException e) {
            LOG.error("a listener failed on a crash", e);
        }
    }
}
