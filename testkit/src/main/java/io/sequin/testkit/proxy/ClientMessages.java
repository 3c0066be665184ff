package io.sequin.testkit.proxy;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a client of Postgres sends, cut into requests: all messages up to the one after which it waits for an answer, or
 * one piece of a COPY. Protocol 3, without TLS.
 */
final class ClientMessages {
    /** Sync, Query, Flush, CopyData, CopyDone, CopyFail, Terminate, a password. */
    private static final String LAST_OF_A_REQUEST = "SQHdcfXp";

    private static final int TLS_REQUEST = 80877103;
    private static final int MAX_START = 10_000;

    private final DataInputStream in;
    private boolean started;

    ClientMessages(InputStream in) {
        this.in = new DataInputStream(new BufferedInputStream(in));
    }

    /** One request. */
    static final class Request {
        private final byte[] bytes;
        private final String text;
        private final boolean copyData;

        /** @param text the same as the bytes, a character a byte; empty for COPY's data */
        Request(byte[] bytes, String text, boolean copyData) {
            this.bytes = bytes;
            this.text = text;
            this.copyData = copyData;
        }

        /** Whether it is a piece of the data of a COPY. */
        boolean isCopyData() {
            return copyData;
        }

        int size() {
            return bytes.length;
        }

        /** The first bytes of it. */
        void writeTo(OutputStream out, int length) throws IOException {
            out.write(bytes, 0, length);
        }

        void writeTo(OutputStream out) throws IOException {
            out.write(bytes);
        }

        boolean contains(String what) {
            return text.contains(what);
        }

        /** Whether it runs a statement of just this text. */
        boolean runs(String sql) {
            return text.contains("\0" + sql + "\0");
        }
    }

    /** The next one; empty at the end. */
    Optional<Request> next() throws IOException {
        try {
            if (!started) {
                started = true;
                return Optional.of(new Request(start(), "", false));
            }
            return Optional.of(request());
        } catch (EOFException end) {
            return Optional.empty();
        }
    }

    private byte[] start() throws IOException {
        int length = in.readInt();
        if (length < 8 || length > MAX_START) {
            throw new IOException("no start of a Postgres connection: " + length + " bytes");
        }
        byte[] rest = in.readNBytes(length - 4);
        DataInputStream code = new DataInputStream(new ByteArrayInputStream(rest));
        if (code.readInt() == TLS_REQUEST) {
            throw new IOException("this proxy can't look into TLS");
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        Wire.write(whole, length);
        whole.writeBytes(rest);
        return whole.toByteArray();
    }

    private Request request() throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        while (true) {
            int type = Wire.message(in, whole);
            if (LAST_OF_A_REQUEST.indexOf(type) >= 0) {
                byte[] bytes = whole.toByteArray();
                boolean copy = type == 'd';
                return new Request(bytes, copy ? "" : new String(bytes, StandardCharsets.ISO_8859_1), copy);
            }
        }
    }
}
