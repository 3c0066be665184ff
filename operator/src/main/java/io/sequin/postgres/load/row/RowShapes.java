package io.sequin.postgres.load.row;

import io.sequin.data.TableShape;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The shapes of rows in use, each once for all sessions: a table of one source has the same columns in most databases. Safe
 * for threads.
 */
public final class RowShapes {
    /** By what they are made from, which each holds on to: so both are forgotten once no session uses them. */
    private final Map<TableShape, WeakReference<RowShape>> inUse = new WeakHashMap<>();

    /** @throws IllegalArgumentException for a shape that contradicts itself: the connector's mistake */
    public synchronized RowShape of(TableShape table) {
        WeakReference<RowShape> known = inUse.get(table);
        @Nullable RowShape shape = known == null ? null : known.get();
        if (shape != null) {
            return shape;
        }
        RowShape made = new RowShape(table);
        // an equal key that was there before would be forgotten while this one is in use
        inUse.remove(table);
        inUse.put(table, new WeakReference<>(made));
        return made;
    }
}
