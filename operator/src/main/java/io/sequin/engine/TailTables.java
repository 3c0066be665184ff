package io.sequin.engine;

import io.sequin.source.Lane;
import java.util.Map;
import java.util.Set;

/**
 * What a step of a tail may do to which tables.
 *
 * @param skipped tables that are not live
 * @param refusing of the skipped ones those that refuse deletes: what is gone is recorded, to be deleted before their
 *     first pass
 * @param untouchable tables of somebody else: nothing at all is applied
 * @param recorded tables whose phase the database records; one that it does not know starts with its first pass anyway
 * @param children tables whose rows belong to a parent
 * @param firstPasses by table
 */
record TailTables(
        Set<String> skipped,
        Set<String> refusing,
        Set<String> untouchable,
        Set<String> recorded,
        Set<String> children,
        Map<String, Lane> firstPasses) {
    Lane firstPass(String table) {
        Lane firstPass = firstPasses.get(table);
        if (firstPass == null) {
            throw new IllegalStateException("the source planned no first pass for table " + table);
        }
        return firstPass;
    }
}
