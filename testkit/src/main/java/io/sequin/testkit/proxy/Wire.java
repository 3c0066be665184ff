package io.sequin.testkit.proxy;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;

/** Messages of Postgres' protocol: a byte for the type, four for the length that counts itself, the content. */
final class Wire {
    private Wire() {}

    /**
     * Reads one message and adds it to {@code to}.
     *
     * @return its type
     * @throws EOFException where the stream ends before it
     */
    static int message(DataInputStream in, ByteArrayOutputStream to) throws IOException {
        int type = in.readUnsignedByte();
        int length = in.readInt();
        byte[] content = in.readNBytes(length - 4);
        if (content.length < length - 4) {
            throw new EOFException("in the middle of a message");
        }
        to.write(type);
        write(to, length);
        to.writeBytes(content);
        return type;
    }

    static void write(ByteArrayOutputStream to, int value) {
        to.write(value >>> 24);
        to.write(value >>> 16);
        to.write(value >>> 8);
        to.write(value);
    }
}
