package io.sequin.postgres.load.row;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sequin.data.Change;
import io.sequin.data.Column;
import io.sequin.data.ColumnType;
import io.sequin.data.Encoding;
import io.sequin.data.Json;
import io.sequin.data.RowKey;
import io.sequin.data.TableShape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a table's columns and keys may be. */
class RowShapeTest {
    @ParameterizedTest
    @ValueSource(strings = {"a\u0000", "\ud83d", "\ude00x"})
    void aKeyThatPostgresCanNotHoldIsRefused(String key) {
        RowShape shape = new RowShape(
                new TableShape("t", List.of(new Column("id", "id", ColumnType.TEXT, Encoding.PLAIN)), List.of("id")));
        Change.Upsert upsert = new Change.Upsert("t", RowKey.of(key), Json.of("{}"));
        assertThatThrownBy(() -> new JsonRow(shape).read(upsert)).isInstanceOf(UnfitRecord.class);
    }

    @Test
    void aShapeThatContradictsItselfIsTheConnectorsMistake() {
        Column id = new Column("id", "id", ColumnType.TEXT, Encoding.PLAIN);
        assertThatThrownBy(() -> new RowShape(new TableShape("t", List.of(id), List.of("key"))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RowShape(new TableShape(
                        "t",
                        List.of(id, new Column("at", "at", ColumnType.BIGINT, Encoding.EPOCH_SECONDS)),
                        List.of("id"))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RowShape(new TableShape(
                        "t", List.of(id, new Column("id2", "id", ColumnType.TEXT, Encoding.PLAIN)), List.of("id"))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
