package io.sequin.postgres.load.row;

import io.sequin.data.ColumnType;
import io.sequin.postgres.load.json.Bytes;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.Oid;
import org.postgresql.jdbc.PgArray;

/**
 * One column of rows as an SQL array. Text and JSON go as they are, in the server's binary format (array_send in its
 * source): no String is made of them, nothing is escaped.
 */
interface BoundArray {
    /** The value of the next row. */
    void add(RowValues values, int column);

    /** All of them. */
    Array array(Connection connection) throws SQLException;

    /** @param rows at most so many */
    static BoundArray of(ColumnType type, int rows) {
        return switch (type) {
            case TEXT -> new OfBytes(Oid.TEXT, Oid.TEXT_ARRAY, "");
            case JSONB -> new OfBytes(Oid.JSONB, Oid.JSONB_ARRAY, "\1");
            case BOOLEAN, BIGINT, NUMERIC, DATE, TIMESTAMPTZ -> new OfTexts(type, rows);
        };
    }

    /** Values as text. */
    final class OfTexts implements BoundArray {
        private final ColumnType type;
        private final @Nullable String[] texts;
        private int count;

        private OfTexts(ColumnType type, int rows) {
            this.type = type;
            this.texts = new String[rows];
        }

        @Override
        public void add(RowValues values, int column) {
            texts[count++] = RowText.of(values, column, type);
        }

        @Override
        public Array array(Connection connection) throws SQLException {
            return connection.createArrayOf(RowText.arrayOf(type), Arrays.copyOf(texts, count));
        }
    }

    /** Values as bytes, each behind its length. */
    final class OfBytes implements BoundArray {
        private static final int COUNT = 3 * Integer.BYTES;

        private final Bytes out = new Bytes(0);
        private final int array;
        private final byte[] before;
        private int count;

        /** @param before each value */
        private OfBytes(int element, int array, String before) {
            this.array = array;
            this.before = before.getBytes(StandardCharsets.US_ASCII);
            // one dimension, perhaps with nulls, as many as are counted, from 1 on
            out.putInt(1);
            out.putInt(1);
            out.putInt(element);
            out.putInt(0);
            out.putInt(1);
        }

        @Override
        public void add(RowValues values, int column) {
            count++;
            if (values.isNull(column)) {
                out.putInt(-1);
                return;
            }
            int length = values.length(column);
            // a large one comes alone: its array is as long as it must be
            out.room(Integer.BYTES + before.length + length);
            out.putInt(before.length + length);
            out.put(before);
            out.put(values.bytes(column), values.offset(column), length);
        }

        @Override
        public Array array(Connection connection) throws SQLException {
            out.setInt(COUNT, count);
            return new PgArray(connection.unwrap(BaseConnection.class), array, out.exact());
        }
    }
}
