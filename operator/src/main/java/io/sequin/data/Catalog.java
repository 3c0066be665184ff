package io.sequin.data;

import java.util.List;
import java.util.Optional;

/** The tables a source offers, in a stable order. */
public record Catalog(List<TableShape> tables) {
    public Catalog {
        tables = List.copyOf(tables);
    }

    public Optional<TableShape> table(String name) {
        return tables.stream().filter(t -> t.name().equals(name)).findFirst();
    }
}
