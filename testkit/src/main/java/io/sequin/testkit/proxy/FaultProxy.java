package io.sequin.testkit.proxy;

import io.sequin.testkit.process.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Forwards TCP connections from a port of 127.0.0.1 to a server, and does what networks do to them. Each test takes one
 * of its own in front of a shared server. Faults add up until {@link #heal()}. All methods may be called from several
 * threads.
 */
public final class FaultProxy implements AutoCloseable {
    private final InetSocketAddress server;
    private final int port = FreePort.pick();
    private final Faults faults = new Faults();
    private final Set<ProxiedConnection> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();
    private @Nullable Listener listener;

    private record Listener(ServerSocket socket, Thread thread) {}

    private FaultProxy(InetSocketAddress server) {
        this.server = server;
    }

    /**
     * Starts a proxy without faults.
     *
     * @throws UncheckedIOException when it can't listen
     */
    public static FaultProxy to(String host, int port) {
        FaultProxy proxy = new FaultProxy(new InetSocketAddress(host, port));
        proxy.listen();
        return proxy;
    }

    /** The address it listens on: 127.0.0.1. */
    public String host() {
        return "127.0.0.1";
    }

    /** The port it listens on; stays the same. */
    public int port() {
        return port;
    }

    /** How many connections were accepted since the start. */
    public long accepted() {
        return accepted.get();
    }

    /** How many connections are open now. */
    public int connections() {
        return open.size();
    }

    /** New connections are refused, as by a machine on which nothing listens; open ones go on. */
    public synchronized void refuse() {
        Listener old = listener;
        listener = null;
        if (old == null) {
            return;
        }
        try {
            close(old.socket());
            // the port stays open until the thread that accepts on it has noticed
            old.thread().join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while closing port " + port, e);
        }
    }

    /** Resets every open connection, on both sides; new ones are welcome. */
    public void cutAll() {
        open.forEach(ProxiedConnection::reset);
    }

    /**
     * The connections that are open now go silent for good: nothing passes, no end either, and neither side is told. New
     * ones are welcome. So does a machine in between that lost its memory.
     */
    public void silenceOpen() {
        open.forEach(ProxiedConnection::silence);
    }

    /**
     * Resets, once, the connection that carries a certain byte.
     *
     * @param bytes how many pass in that direction from now on, over all connections, before the cut; 0 cuts at the next
     */
    public void cutAfter(Direction direction, long bytes) {
        faults.cutAfter(direction, bytes);
    }

    /**
     * Nothing passes any more, and nobody is told: connections stay open, new ones are accepted. What was sent meanwhile
     * passes after {@link #heal()}.
     */
    public void freeze() {
        freeze(Direction.TO_SERVER);
        freeze(Direction.TO_CLIENT);
    }

    /** The same in one direction: for answers that get lost after the server has done its work. */
    public void freeze(Direction direction) {
        faults.freeze(direction);
    }

    /** Holds up each piece of data by this much, in both directions. */
    public void delay(Duration latency) {
        faults.delay(latency);
    }

    /** Switches every fault off and listens again. */
    public void heal() {
        faults.clear();
        listen();
    }

    /** Stops listening, for good, and resets what is open. */
    @Override
    public void close() {
        refuse();
        cutAll();
        if (closed.compareAndSet(false, true)) {
            FreePort.release(port);
        }
    }

    private synchronized void listen() {
        if (listener != null) {
            return;
        }
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            Thread acceptor = Thread.ofVirtual().name("fault-proxy-" + port).start(() -> acceptFrom(socket));
            listener = new Listener(socket, acceptor);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on 127.0.0.1:" + port, e);
        }
    }

    private void acceptFrom(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                accepted.incrementAndGet();
                Thread.ofVirtual().name("fault-proxy-" + port + "-client").start(() -> serve(client));
            } catch (IOException closed) {
                close(socket);
            }
        }
    }

    private void serve(Socket client) {
        ProxiedConnection connection = new ProxiedConnection(client, faults);
        open.add(connection);
        try {
            connection.run(server);
        } finally {
            open.remove(connection);
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot stop listening", e);
        }
    }
}
