package io.sequin.testkit.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** One client's connection and the one to the server that belongs to it. */
final class ProxiedConnection {
    private static final int PIECE = 16 * 1024;

    private final Socket client;
    private final Socket upstream = new Socket();
    private final Faults faults;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean silent;
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    ProxiedConnection(Socket client, Faults faults) {
        this.client = client;
        this.faults = faults;
    }

    /** Forwards both ways until both sides have ended or one has failed. */
    void run(InetSocketAddress server) {
        threads.add(Thread.currentThread());
        try {
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
            upstream.connect(server);
            Thread back = Thread.ofVirtual()
                    .name("fault-proxy-answers")
                    .unstarted(() -> forward(upstream, client, Direction.TO_CLIENT));
            threads.add(back);
            back.start();
            forward(client, upstream, Direction.TO_SERVER);
            back.join();
            client.close();
            upstream.close();
        } catch (IOException noServer) {
            reset();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reset();
        }
    }

    private void forward(Socket from, Socket to, Direction direction) {
        try {
            if (pump(from, to, direction)) {
                awaitVoice();
                faults.admitEnd(direction);
                to.shutdownOutput();
            } else {
                reset();
            }
        } catch (IOException oneSideFailed) {
            resetLater(direction);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reset();
        }
    }

    /** Whether the data came to its end; otherwise the connection is to be cut. */
    private boolean pump(Socket from, Socket to, Direction direction) throws IOException, InterruptedException {
        byte[] piece = new byte[PIECE];
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
            awaitVoice();
            Faults.Verdict verdict = faults.admit(direction, read);
            out.write(piece, 0, verdict.bytes());
            if (verdict.cut()) {
                return false;
            }
        }
        return true;
    }

    /** From now on nothing passes, whatever happens on either side, until {@link #reset}. */
    void silence() {
        silent = true;
    }

    private void awaitVoice() throws InterruptedException {
        if (silent) {
            ended.await();
        }
    }

    /** One side's failure is news to the other, and a frozen proxy passes none on. */
    private void resetLater(Direction direction) {
        try {
            awaitVoice();
            faults.admitEnd(direction);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        reset();
    }

    /** Closes both sides so that each sees "connection reset" instead of an orderly end. */
    void reset() {
        ended.countDown();
        reset(client);
        reset(upstream);
        threads.forEach(Thread::interrupt);
    }

    private static void reset(Socket socket) {
        try {
            if (!socket.isClosed()) {
                socket.setSoLinger(true, 0);
            }
            socket.close();
        } catch (IOException e) {
            if (!socket.isClosed()) {
                throw new UncheckedIOException("cannot reset a connection", e);
            }
        }
    }
}
