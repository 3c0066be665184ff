package io.sequin.postgres.load;

import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.TableException;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * How much is done in one transaction: a tenth of what took longer than a statement may, so that it is not tried the same way
 * for ever, and twice as much after each full piece that was done quickly. Safe for threads.
 */
public final class PieceSize {
    /** What takes longer is large enough: others wait for the table meanwhile. */
    static final Duration QUICK = Duration.ofSeconds(10);

    private static final int LESS = 10;

    private final int usual;
    private int rows;

    /** @param usual rows where nothing is wrong; never more */
    public PieceSize(int usual) {
        this.usual = usual;
        this.rows = usual;
    }

    /** Rows of the next piece; at least one. */
    public synchronized int rows() {
        return rows;
    }

    /** Does so many, and takes note of how that went. */
    public <T> T of(int tried, Supplier<T> work) {
        long start = System.nanoTime();
        try {
            T result = work.get();
            done(tried, Duration.ofNanos(System.nanoTime() - start));
            return result;
        } catch (TableException e) {
            if (isTooLong(e)) {
                tooMany(tried);
            }
            throw e;
        }
    }

    /** Whether fewer may do in time what failed so. */
    public static boolean isTooLong(TableException e) {
        return e.problem().code() == PostgresProblem.STATEMENT_TIMEOUT;
    }

    private synchronized void tooMany(int tried) {
        rows = Math.max(1, Math.min(rows, tried) / LESS);
    }

    synchronized void done(int did, Duration took) {
        if (did >= rows && took.compareTo(QUICK) < 0) {
            rows = rows > usual / 2 ? usual : rows * 2;
        }
    }
}
