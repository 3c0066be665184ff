package io.sequin.engine.fetch;

import io.sequin.data.Problem;
import io.sequin.data.RowKey;
import io.sequin.engine.trouble.Trouble;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Says which rows of a table can't be had; pure. */
public final class Unanswered {
    private static final int NAMED = 3;
    private static final int KEY_LENGTH = 60;

    private Unanswered() {}

    /**
     * The trouble of a table, with the names of the first rows. The same rows have the same text in whatever order they
     * were asked for.
     *
     * @param rows why each can't be had; at least one
     */
    public static Trouble of(String table, Map<RowKey, Trouble> rows) {
        SortedMap<String, Trouble> byName = new TreeMap<>();
        rows.forEach((key, why) -> byName.put(name(key), why));
        Problem why = byName.sequencedValues().getFirst().problem();
        String named = byName.keySet().stream().limit(NAMED).collect(Collectors.joining(", "));
        String which = rows.size() == 1
                ? "row " + named + " can't be had from the source"
                : rows.size() + " rows can't be had from the source (" + named + (rows.size() > NAMED ? ", …" : "")
                        + ")";
        String message = which + " and will be asked for again; the others can. " + why.message();
        Problem problem = new Problem(why.code(), message, why.cure(), why.retryAt());
        return new Trouble(Trouble.Area.SOURCE, Optional.of(table), problem);
    }

    private static String name(RowKey key) {
        String name = String.join("/", key.parts());
        return name.length() <= KEY_LENGTH ? name : name.substring(0, KEY_LENGTH) + "…";
    }
}
