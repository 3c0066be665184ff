package io.sequin.postgres.schema;

import io.sequin.data.Column;
import io.sequin.data.TableShape;
import io.sequin.postgres.Identifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/** Names of columns in Postgres. Pure. */
final class ColumnNames {
    /** Columns that every table has already (manual, "System Columns"); {@code oid} up to Postgres 11. */
    private static final Set<String> SYSTEM = Set.of("oid", "tableoid", "xmin", "cmin", "xmax", "cmax", "ctid");

    private static final String RESERVED = "_sync_";
    /** What a name that is cut ends with: {@code _} and eight hexadecimal digits. */
    private static final int HASH_BYTES = 9;

    private ColumnNames() {}

    /**
     * The shape with its columns named as they are stored. A field that is not stored gets the name that the source
     * proposes, made fit for Postgres and different from all others.
     *
     * @param existing columns that the table has: those that are not stored are somebody else's
     */
    static TableShape of(TableShape shape, List<StoredColumn> stored, Set<String> existing) {
        Map<String, String> byField =
                stored.stream().collect(Collectors.toMap(StoredColumn::field, StoredColumn::name, (a, b) -> a));
        Set<String> taken = stored.stream().map(StoredColumn::name).collect(Collectors.toCollection(HashSet::new));
        taken.addAll(existing);
        Set<String> used = new HashSet<>();
        Map<String, String> renamed = new HashMap<>();
        List<Column> columns = new ArrayList<>();
        for (Column column : shape.columns()) {
            String known = byField.get(column.field());
            String name = known != null ? known : free(column.name(), shape, taken, used);
            taken.add(name);
            used.add(name);
            renamed.put(column.name(), name);
            columns.add(new Column(name, column.field(), column.type(), column.encoding()));
        }
        return new TableShape(
                shape.name(),
                columns,
                shape.primaryKey().stream()
                        .map(key -> renamed.getOrDefault(key, key))
                        .toList(),
                shape.parent().map(parent -> renamed.getOrDefault(parent, parent)),
                shape.stamp().map(stamp -> renamed.getOrDefault(stamp, stamp)));
    }

    /** A key can't move to another column, so it keeps its own, whatever field fills it now. */
    private static String free(String proposed, TableShape shape, Set<String> taken, Set<String> used) {
        String name = fit(proposed);
        boolean key = shape.primaryKey().contains(proposed)
                || shape.parent().filter(proposed::equals).isPresent();
        String free = name;
        for (int i = 2; key ? used.contains(free) : taken.contains(free); i++) {
            String suffix = "_" + i;
            free = cut(name, Identifier.MAX_BYTES - suffix.length()) + suffix;
        }
        return free;
    }

    /** In snake case, at most 63 bytes, no name that Postgres or we have for something else. */
    static String fit(String proposed) {
        StringBuilder snake = new StringBuilder();
        int before = 0;
        for (int c : proposed.codePoints().toArray()) {
            if (Character.isUpperCase(c) && (Character.isLowerCase(before) || Character.isDigit(before))) {
                snake.append('_');
            }
            snake.appendCodePoint(Character.isLetterOrDigit(c) ? c : '_');
            before = c;
        }
        String name = snake.toString().toLowerCase(Locale.ROOT);
        if (name.isEmpty()) {
            name = "column";
        }
        if (SYSTEM.contains(name)) {
            name += "_";
        }
        if (name.startsWith(RESERVED)) {
            name = name.substring(1);
        }
        if (name.getBytes(StandardCharsets.UTF_8).length <= Identifier.MAX_BYTES) {
            return name;
        }
        CRC32 hash = new CRC32();
        hash.update(proposed.getBytes(StandardCharsets.UTF_8));
        return cut(name, Identifier.MAX_BYTES - HASH_BYTES) + "_%08x".formatted(hash.getValue());
    }

    /** Whole characters only. */
    private static String cut(String name, int bytes) {
        int end = name.length();
        while (name.substring(0, end).getBytes(StandardCharsets.UTF_8).length > bytes) {
            end = name.offsetByCodePoints(end, -1);
        }
        return name.substring(0, end);
    }
}
