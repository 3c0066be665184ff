package io.sequin.postgres.load.resync;

import io.sequin.data.Change;
import io.sequin.data.Column;
import io.sequin.data.ColumnType;
import io.sequin.data.Encoding;
import io.sequin.data.Json;
import io.sequin.data.RowKey;
import io.sequin.data.TableShape;
import java.util.List;

/** A table whose key is a number with a point. */
final class Numbers {
    static final String TABLE = "number";

    private Numbers() {}

    static TableShape shape() {
        return new TableShape(
                TABLE,
                List.of(
                        new Column("id", "id", ColumnType.NUMERIC, Encoding.PLAIN),
                        new Column("name", "name", ColumnType.TEXT, Encoding.PLAIN)),
                List.of("id"));
    }

    static Change.Upsert row(String id) {
        return new Change.Upsert(TABLE, RowKey.of(id), Json.of("{\"id\":" + id + ",\"name\":\"n\"}"));
    }
}
