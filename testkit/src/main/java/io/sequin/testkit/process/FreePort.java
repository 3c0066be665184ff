package io.sequin.testkit.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Picks TCP ports for servers. Each is kept for whoever picked it, among all processes of one user: a server that is still
 * being made, or is stopped for a while, loses its port to none that is made meanwhile.
 *
 * <p>Ports come from below the range that Linux uses for outgoing connections (32768 and up): a client that retries
 * against a stopped server in that range can, by chance, connect to itself and keep the server from coming back.
 */
public final class FreePort {
    private static final int FIRST = 18_000;
    private static final int LAST = 32_000;
    private static final int ATTEMPTS = 1_000;

    /** One byte for each port; who holds its lock has the port. Locks end with the process, however it ends. */
    private static final Path LOCKS =
            Path.of(System.getProperty("java.io.tmpdir"), "sequin-ports-" + System.getProperty("user.name") + ".lock");

    /** Of this process; also keeps the file open, since to close it anywhere would give up all of them. */
    private static final Map<Integer, FileLock> HELD = new HashMap<>();

    private static final FileChannel FILE = open();

    private FreePort() {}

    /**
     * A port that nothing listens on, on 127.0.0.1, and that no other pick gets until this process ends or
     * {@link #release releases} it.
     *
     * @throws IllegalStateException when no free one was found
     */
    public static int pick() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            if (hold(port)) {
                if (isFree(port)) {
                    return port;
                }
                release(port);
            }
        }
        throw new IllegalStateException("no free TCP port between " + FIRST + " and " + LAST + " on 127.0.0.1");
    }

    /** Gives a picked port back; nothing where this process does not have it. */
    public static synchronized void release(int port) {
        FileLock lock = HELD.remove(port);
        try {
            if (lock != null) {
                lock.release();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unlock port " + port + " in " + LOCKS, e);
        }
    }

    private static synchronized boolean hold(int port) {
        if (HELD.containsKey(port)) {
            return false;
        }
        try {
            FileLock lock = FILE.tryLock(port, 1, false);
            if (lock != null) {
                HELD.put(port, lock);
            }
            return lock != null;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lock port " + port + " in " + LOCKS, e);
        }
    }

    private static FileChannel open() {
        try {
            return FileChannel.open(LOCKS, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open " + LOCKS, e);
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
