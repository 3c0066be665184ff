package io.sequin.data;

/** How far a lane has come: opaque JSON of the source, kept in the database in the transaction of the rows. */
public record Checkpoint(Json json) {
    @Override
    public String toString() {
        return json.text();
    }
}
