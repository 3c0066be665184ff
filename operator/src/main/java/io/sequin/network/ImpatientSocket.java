package io.sequin.network;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;

/**
 * Closes itself where the other side takes nothing of what is written for too long. The JDK's time-out is for reads alone;
 * a write to a peer that fell silent waits as long as TCP sends again, by default a quarter of an hour ({@code tcp(7)},
 * {@code tcp_retries2}), and to one that acknowledges but does not read, for ever.
 */
final class ImpatientSocket extends Socket {
    /** What must be taken within the limit: by a slow line, too, however much is written at once. */
    private static final int PIECE_BYTES = 64 * 1_024;

    private final Deadlines writes;

    ImpatientSocket(Deadlines writes) {
        this.writes = writes;
    }

    /** Its writes throw a {@link SocketTimeoutException} where the limit has passed. */
    @Override
    public OutputStream getOutputStream() throws IOException {
        return new Out(super.getOutputStream());
    }

    private final class Out extends OutputStream {
        private final OutputStream to;

        private Out(OutputStream to) {
            this.to = to;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            int end = from + length;
            for (int at = from; at < end; at += PIECE_BYTES) {
                writePiece(bytes, at, Math.min(PIECE_BYTES, end - at));
            }
        }

        private void writePiece(byte[] bytes, int from, int length) throws IOException {
            try (Deadlines.Deadline deadline = writes.closing(ImpatientSocket.this)) {
                try {
                    to.write(bytes, from, length);
                } catch (IOException e) {
                    if (deadline.passed()) {
                        SocketTimeoutException late = new SocketTimeoutException("the other side took nothing for "
                                + writes.limit().toSeconds() + " s");
                        late.initCause(e);
                        throw late;
                    }
                    throw e;
                }
            }
        }

        @Override
        public void close() throws IOException {
            to.close();
        }
    }
}
