package io.sequin.postgres.schema;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.sequin.data.TableShape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A column as {@code _sync_table.columns} has it. Which field fills which column is read from there and not computed
 * again: a suffix that made two names differ could fall to the other one the next time.
 *
 * @param field of the source's object
 * @param type as the server prints it
 * @param idle the source did not offer the field when this was written: values that came all the same are in the overflow,
 *     and newer than the column's
 */
record StoredColumn(
        String name,
        String field,
        String type,
        boolean key,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean idle) {
    static List<StoredColumn> parse(String json) {
        return StateJson.readList(json, StoredColumn.class);
    }

    /** What is to be recorded: those of the shape, and behind them those that the source had once. */
    static String json(TableShape shape, List<StoredColumn> before) {
        List<StoredColumn> all = new ArrayList<>();
        Set<String> names = new HashSet<>();
        shape.columns().forEach(c -> {
            names.add(c.name());
            all.add(new StoredColumn(
                    c.name(),
                    c.field(),
                    SqlType.name(c.type()),
                    shape.primaryKey().contains(c.name()),
                    false));
        });
        before.stream()
                .filter(c -> !names.contains(c.name()))
                .forEach(c -> all.add(new StoredColumn(c.name(), c.field(), c.type(), c.key(), true)));
        return StateJson.write(all);
    }
}
