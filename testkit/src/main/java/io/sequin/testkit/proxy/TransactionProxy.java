package io.sequin.testkit.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Forwards connections without TLS from a port of 127.0.0.1 to a Postgres, and ends one at a certain point of a certain
 * transaction. A transaction is known by the end of the {@code application_name} that it sets, after a colon.
 */
public final class TransactionProxy implements AutoCloseable {
    private final InetSocketAddress server;
    private final ServerSocket listener;
    private final Cuts cuts = new Cuts();
    private final Set<TransactionConnection> open = ConcurrentHashMap.newKeySet();

    private TransactionProxy(InetSocketAddress server) {
        this.server = server;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on 127.0.0.1", e);
        }
    }

    /** Starts one that cuts nothing yet. */
    public static TransactionProxy to(String host, int port) {
        TransactionProxy proxy = new TransactionProxy(new InetSocketAddress(host, port));
        Thread.ofVirtual().name("transaction-proxy").start(proxy::accept);
        return proxy;
    }

    public String host() {
        return "127.0.0.1";
    }

    public int port() {
        return listener.getLocalPort();
    }

    /**
     * Ends, once, the connection of the next transaction of this name.
     *
     * @param at not {@link CutPoint#IN_COPY}
     */
    public void cut(String name, CutPoint at) {
        cuts.arm(name, new Cuts.Cut(at, 0, 0));
    }

    /**
     * Ends one more, once the cuts of this name that were asked for before are done.
     *
     * @param skip so many transactions of the name are let through before
     */
    public void cutLater(String name, CutPoint at, int skip) {
        cuts.armNext(name, new Cuts.Cut(at, skip, 0));
    }

    /** As {@link #cutLater}, when so many bytes of COPY's data of transactions of this name have reached the server. */
    public void cutInCopy(String name, int bytes) {
        cuts.armNext(name, new Cuts.Cut(CutPoint.IN_COPY, 0, bytes));
    }

    /** Whether a cut of this name is still to come. */
    public boolean isToBeCut(String name) {
        return cuts.isArmed(name);
    }

    /** Names of the transactions that were cut. */
    public Set<String> cut() {
        return cuts.done();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Thread.ofVirtual().name("transaction-proxy-client").start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        TransactionConnection connection = new TransactionConnection(client, cuts);
        open.add(connection);
        try {
            connection.run(server);
        } finally {
            open.remove(connection);
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot stop listening", e);
        }
        open.forEach(TransactionConnection::end);
    }
}
