package io.sequin.postgres.schema;

import java.util.List;

/**
 * What dropping a schema's data came to.
 *
 * @param kept tables of ours that stayed, since something of others depends on them
 * @param schemaStays we made the schema, and it isn't empty
 */
public record Dropped(List<Kept> kept, boolean schemaStays) {
    /** There was nothing of ours. */
    public static final Dropped NOTHING = new Dropped(List.of(), false);

    public Dropped {
        kept = List.copyOf(kept);
    }

    /**
     * A table that stayed.
     *
     * @param table its name
     * @param dependents what depends on it, as Postgres describes it, such as {@code view reporting.mrr}
     */
    public record Kept(String table, List<String> dependents) {
        public Kept {
            dependents = List.copyOf(dependents);
        }
    }
}
