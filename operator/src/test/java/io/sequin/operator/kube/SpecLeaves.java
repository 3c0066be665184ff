package io.sequin.operator.kube;

import java.lang.reflect.RecordComponent;
import java.util.Set;
import java.util.TreeSet;

/** The fields of a spec that hold a value of their own, found in its records: what a test of all fields has to cover. */
public final class SpecLeaves {
    private SpecLeaves() {}

    /** Their paths below the spec, such as {@code postgres.tls.mode}. */
    public static Set<String> of(Class<? extends Record> spec) {
        Set<String> paths = new TreeSet<>();
        collect("", spec, paths);
        return paths;
    }

    private static void collect(String prefix, Class<?> record, Set<String> paths) {
        for (RecordComponent component : record.getRecordComponents()) {
            String path = prefix + component.getName();
            if (component.getType().isRecord()) {
                collect(path + ".", component.getType(), paths);
            } else {
                paths.add(path);
            }
        }
    }
}
