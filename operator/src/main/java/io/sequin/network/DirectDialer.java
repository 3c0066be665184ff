package io.sequin.network;

import io.sequin.data.HostPort;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import jdk.net.ExtendedSocketOptions;

/**
 * Dials straight from this process. Every address of the name is tried, all within the caller's time-out, the resolver's
 * preferred family first. Sockets have TCP keepalive (first probe after 30 s, dead after three more, 10 s apart), a limit for
 * writes, and no delay.
 */
public final class DirectDialer implements Dialer {
    private static final int KEEPALIVE_IDLE_SECONDS = 30;
    private static final int KEEPALIVE_INTERVAL_SECONDS = 10;
    private static final int KEEPALIVE_PROBES = 3;
    /** As long as keepalive takes, which does not count while something is to be sent. */
    private static final Duration WRITE_LIMIT = Duration.ofSeconds(60);

    private static final int LOOKUP_THREADS = 8;
    /** Work goes round all threads that there are: with a longer time two look-ups a second would keep eight of them. */
    private static final Duration LOOKUP_THREAD_IDLE = Duration.ofSeconds(3);

    /** A look-up blocks its carrier thread in native code: on virtual threads a silent name server would stop them all. */
    private final ThreadPoolExecutor lookups = new ThreadPoolExecutor(
            LOOKUP_THREADS,
            LOOKUP_THREADS,
            LOOKUP_THREAD_IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("name-lookup-", 0).factory());

    private final Deadlines writes;

    /** Starts no thread before the first name is looked up. */
    public DirectDialer() {
        this(WRITE_LIMIT);
    }

    /** @param writeLimit how long the other side may take nothing of what is written, until the socket is closed */
    public DirectDialer(Duration writeLimit) {
        this.writes = new Deadlines(writeLimit);
        lookups.allowCoreThreadTimeOut(true);
    }

    @Override
    public Socket dial(HostPort to, Duration timeout) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        InetAddress[] addresses = inOneOrder(lookUp(to.host(), timeout));
        IOException failure = null;
        for (int i = 0; i < addresses.length; i++) {
            long share = (deadline - System.nanoTime()) / (addresses.length - i);
            try {
                return connect(new InetSocketAddress(addresses[i], to.port()), TimeUnit.NANOSECONDS.toMillis(share));
            } catch (IOException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                if (failure != null) {
                    e.addSuppressed(failure);
                }
                failure = e;
            }
        }
        throw failure == null ? new UnknownHostException(to.host()) : failure;
    }

    /** Name servers rotate their answers; a status that shows the address would change with each look-up. */
    static InetAddress[] inOneOrder(InetAddress[] answer) {
        InetAddress[] ordered = answer.clone();
        Arrays.sort(
                ordered,
                Comparator.comparing((InetAddress address) -> address.getClass() != answer[0].getClass())
                        .thenComparing(InetAddress::getAddress, Arrays::compareUnsigned));
        return ordered;
    }

    private InetAddress[] lookUp(String host, Duration timeout) throws IOException {
        Future<InetAddress[]> answer = lookups.submit(() -> InetAddress.getAllByName(host));
        try {
            return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            SocketTimeoutException late = new SocketTimeoutException("no answer from the name server for " + host);
            late.initCause(e);
            throw late;
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while looking up " + host);
            interrupted.initCause(e);
            throw interrupted;
        } catch (ExecutionException e) {
            UnknownHostException unknown = new UnknownHostException(host);
            unknown.initCause(e.getCause());
            throw unknown;
        }
    }

    private Socket connect(InetSocketAddress address, long timeoutMillis) throws IOException {
        if (timeoutMillis <= 0) {
            throw new SocketTimeoutException("no time left to connect");
        }
        Socket socket = new ImpatientSocket(writes);
        try {
            socket.setTcpNoDelay(true);
            socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            if (socket.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
                socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, KEEPALIVE_IDLE_SECONDS);
                socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEPALIVE_INTERVAL_SECONDS);
                socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, KEEPALIVE_PROBES);
            }
            socket.connect(address, (int) Math.min(timeoutMillis, Integer.MAX_VALUE));
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** Ends pending look-ups. Sockets already handed out stay open. */
    @Override
    public void close() {
        lookups.shutdownNow();
    }
}
