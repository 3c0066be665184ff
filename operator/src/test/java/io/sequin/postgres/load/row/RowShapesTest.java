package io.sequin.postgres.load.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Column;
import io.sequin.data.ColumnType;
import io.sequin.data.Encoding;
import io.sequin.data.TableShape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One object for all tables with the same columns. */
class RowShapesTest {
    private final RowShapes shapes = new RowShapes();

    private static TableShape table(String name) {
        return new TableShape(name, List.of(new Column("id", "id", ColumnType.TEXT, Encoding.PLAIN)), List.of("id"));
    }

    @Test
    void equalTablesShareOne() {
        RowShape first = shapes.of(table("a"));
        assertThat(shapes.of(table("a"))).isSameAs(first);
        assertThat(shapes.of(table("b"))).isNotSameAs(first);
        assertThat(shapes.of(table("b")).name()).isEqualTo("b");
    }
}
