package io.sequin.postgres.load.copy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Column;
import io.sequin.data.ColumnType;
import io.sequin.data.Encoding;
import io.sequin.data.TableShape;
import io.sequin.postgres.load.json.Bytes;
import io.sequin.postgres.load.row.RowShape;
import io.sequin.postgres.load.row.RowValues;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bytes of COPY, by the manual's description of its formats. */
class CopyEncoderTest {
    private static RowShape shape(ColumnType... types) {
        List<Column> columns = new ArrayList<>();
        columns.add(new Column("id", "id", ColumnType.TEXT, Encoding.PLAIN));
        for (ColumnType type : types) {
            columns.add(new Column("c" + columns.size(), "c" + columns.size(), type, Encoding.PLAIN));
        }
        return new RowShape(new TableShape("t", columns, List.of("id")));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] written(CopyEncoder encoder, RowValues values) throws SQLException {
        Bytes out = new Bytes(1);
        encoder.begin(out);
        encoder.row(values, out, full -> {});
        encoder.end(out);
        return Arrays.copyOf(out.data(), out.size());
    }

    @Test
    void textIsEscaped() throws SQLException {
        RowShape shape = shape(ColumnType.BOOLEAN, ColumnType.BIGINT, ColumnType.NUMERIC, ColumnType.JSONB);
        RowValues values = new RowValues(shape.size());
        values.set(0, bytes("a\tb\nc\rd\\.é"));
        values.set(1, 1);
        values.set(2, -5);
        values.set(3, bytes("1.50"));
        values.set(5, bytes("{\"a\":\"\\n\"}"));
        assertThat(new String(written(CopyEncoder.of(shape.types()), values), StandardCharsets.UTF_8))
                .isEqualTo("a\\tb\\nc\\rd\\\\.é\tt\t-5\t1.50\t\\N\t{\"a\":\"\\\\n\"}\n");
    }

    @Test
    void binaryHasLengthsAndBigEndianNumbers() throws SQLException {
        RowShape shape = shape(ColumnType.BOOLEAN, ColumnType.BIGINT, ColumnType.DATE, ColumnType.JSONB);
        RowValues values = new RowValues(shape.size());
        values.set(0, bytes("xidy"), 1, 2);
        values.set(1, 1);
        values.set(2, -2);
        values.set(3, 1);
        values.set(4, bytes("{}"));
        assertThat(HexFormat.of().formatHex(written(CopyEncoder.of(shape.types()), values)))
                .isEqualTo("5047434f50590aff0d0a00" + "00000000" + "00000000" + "0006" + "000000026964" + "0000000101"
                        + "00000008fffffffffffffffe" + "0000000400000001" + "00000003017b7d" + "ffffffff" + "ffff");
    }

    @Test
    void onlyTablesWithNumericGoByText() {
        assertThat(CopyEncoder.of(List.of(ColumnType.JSONB, ColumnType.DATE)).format())
                .isEqualTo("binary");
        assertThat(CopyEncoder.of(List.of(ColumnType.TEXT, ColumnType.NUMERIC)).format())
                .isEqualTo("text");
    }
}
