package io.sequin.postgres.load.copy;

import io.sequin.data.ColumnType;
import io.sequin.postgres.load.json.Bytes;
import io.sequin.postgres.load.row.RowValues;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;

/** Rows in the binary format of COPY. */
final class BinaryCopyEncoder implements CopyEncoder {
    private static final byte[] SIGNATURE = "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final int JSONB_VERSION = 1;

    private final ColumnType[] columns;

    BinaryCopyEncoder(List<ColumnType> columns) {
        this.columns = columns.toArray(ColumnType[]::new);
    }

    @Override
    public String format() {
        return "binary";
    }

    @Override
    public void begin(Bytes out) {
        out.put(SIGNATURE);
        // no flags, no extension of the header
        out.putInt(0);
        out.putInt(0);
    }

    @Override
    public void row(RowValues values, Bytes out, Flow flow) throws SQLException {
        out.putShort(columns.length);
        for (int i = 0; i < columns.length; i++) {
            if (values.isNull(i)) {
                out.putInt(-1);
            } else {
                value(values, i, out, flow);
            }
        }
    }

    @Override
    public void end(Bytes out) {
        out.putShort(-1);
    }

    private void value(RowValues values, int i, Bytes out, Flow flow) throws SQLException {
        switch (columns[i]) {
            case BOOLEAN -> {
                out.putInt(1);
                out.put((int) values.number(i));
            }
            case BIGINT, TIMESTAMPTZ -> {
                out.putInt(8);
                out.putLong(values.number(i));
            }
            case DATE -> {
                out.putInt(4);
                out.putInt((int) values.number(i));
            }
            case TEXT -> {
                out.putInt(values.length(i));
                CopyEncoder.put(values.bytes(i), values.offset(i), values.length(i), out, flow);
            }
            case JSONB -> {
                out.putInt(values.length(i) + 1);
                out.put(JSONB_VERSION);
                CopyEncoder.put(values.bytes(i), values.offset(i), values.length(i), out, flow);
            }
            case NUMERIC -> throw new IllegalStateException("numeric goes by text");
        }
    }
}
