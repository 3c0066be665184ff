package io.sequin.postgres.load.copy;

import io.sequin.data.ColumnType;
import io.sequin.postgres.load.json.Bytes;
import io.sequin.postgres.load.row.PgTime;
import io.sequin.postgres.load.row.RowValues;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;

/** Rows in the text format of COPY: tab between values, {@code \N} for null, backslash before what is special. */
final class TextCopyEncoder implements CopyEncoder {
    private final ColumnType[] columns;

    TextCopyEncoder(List<ColumnType> columns) {
        this.columns = columns.toArray(ColumnType[]::new);
    }

    @Override
    public String format() {
        return "text";
    }

    @Override
    public void begin(Bytes out) {
        // the text format has no header
    }

    @Override
    public void row(RowValues values, Bytes out, Flow flow) throws SQLException {
        for (int i = 0; i < columns.length; i++) {
            if (i > 0) {
                out.put('\t');
            }
            if (values.isNull(i)) {
                out.put('\\');
                out.put('N');
            } else {
                value(values, i, out, flow);
            }
        }
        out.put('\n');
    }

    @Override
    public void end(Bytes out) {
        // nor an end
    }

    private void value(RowValues values, int i, Bytes out, Flow flow) throws SQLException {
        switch (columns[i]) {
            case BOOLEAN -> out.put(values.number(i) == 0 ? 'f' : 't');
            case BIGINT -> ascii(Long.toString(values.number(i)), out);
            case DATE -> ascii(PgTime.dateText(values.number(i)), out);
            case TIMESTAMPTZ -> ascii(PgTime.timestampText(values.number(i)), out);
            case TEXT, NUMERIC, JSONB -> escaped(values.bytes(i), values.offset(i), values.length(i), out, flow);
        }
    }

    private static void ascii(String text, Bytes out) {
        out.put(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void escaped(byte[] bytes, int offset, int length, Bytes out, Flow flow) throws SQLException {
        int end = offset + length;
        for (int from = offset; from < end; from += Flow.PIECE) {
            escaped(bytes, from, Math.min(Flow.PIECE, end - from), out);
            if (length > Flow.PIECE) {
                flow.drain(out);
            }
        }
    }

    private static void escaped(byte[] bytes, int offset, int length, Bytes out) {
        int written = offset;
        int end = offset + length;
        for (int i = offset; i < end; i++) {
            int letter = letter(bytes[i]);
            if (letter != 0) {
                out.put(bytes, written, i - written);
                out.put('\\');
                out.put(letter);
                written = i + 1;
            }
        }
        out.put(bytes, written, end - written);
    }

    /** What follows the backslash; 0 for bytes that go as they are. */
    private static int letter(byte value) {
        return switch (value) {
            case '\\' -> '\\';
            case '\t' -> 't';
            case '\n' -> 'n';
            case '\r' -> 'r';
            default -> 0;
        };
    }
}
