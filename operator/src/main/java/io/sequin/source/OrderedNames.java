package io.sequin.source;

import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;

/** Names in their order, so that whoever goes through them does so in the same way each time; as small as an array. Immutable. */
final class OrderedNames extends AbstractSet<String> {
    private final String[] names;

    OrderedNames(Collection<String> names) {
        this.names = names.stream().distinct().sorted().toArray(String[]::new);
    }

    @Override
    public boolean contains(Object name) {
        return name instanceof String text && Arrays.binarySearch(names, text) >= 0;
    }

    @Override
    public Iterator<String> iterator() {
        return Arrays.asList(names).iterator();
    }

    @Override
    public int size() {
        return names.length;
    }
}
