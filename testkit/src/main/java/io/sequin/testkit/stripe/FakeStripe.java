package io.sequin.testkit.stripe;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A stateful fake of Stripe's API as an HTTP server on 127.0.0.1, one virtual thread a request.
 *
 * <p>It starts with one empty account, {@link #ACCOUNT}, and its secret test key, {@link #TEST_KEY}.
 */
public final class FakeStripe implements AutoCloseable {
    /** The API version whose objects the fake shows: the one of the OpenAPI document that its tests compare with. */
    public static final String API_VERSION = "2026-08-26.dahlia";
    /** The account that exists from the start. */
    public static final String ACCOUNT = "acct_1FakeSequinAccount";
    /** A secret key of {@link #ACCOUNT} in test mode. */
    public static final String TEST_KEY = "sk_test_51FakeSequinAccountKey0001";

    static {
        // small answers over kept connections would wait for delayed acknowledgements; read once by the JDK's server
        System.setProperty("sun.net.httpserver.nodelay", System.getProperty("sun.net.httpserver.nodelay", "true"));
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final InstantSource clock;
    private final Map<DataKey, StripeData> data = new ConcurrentHashMap<>();
    private final ApiKeys keys = new ApiKeys();
    private final StripeFaults faults = new StripeFaults();
    private final RequestLog log = new RequestLog();
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

    private record Connection(String platform, String account) {}

    private record DataKey(String account, boolean livemode) {}

    private FakeStripe(int port, InstantSource clock) {
        this.clock = clock;
        StripeOpenApi.load(); // what is missing for it is said here, in plain words
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 1024);
        } catch (IOException e) {
            throw new IllegalStateException("the fake Stripe can't listen on 127.0.0.1:" + port, e);
        }
        keys.add(ApiKey.secret(TEST_KEY, ACCOUNT));
        server.setExecutor(threads);
        server.createContext("/", new StripeHandler(keys, faults, log, new Router(this::data), this::isConnected));
        server.start();
    }

    /** Starts on a free port. */
    public static FakeStripe start() {
        return start(0);
    }

    /**
     * Starts on a port; 0: a free one.
     *
     * @throws IllegalStateException where the port is taken
     */
    public static FakeStripe start(int port) {
        return start(port, InstantSource.system());
    }

    /** As {@link #start(int)}, with the clock that gives objects and events their {@code created}. */
    public static FakeStripe start(int port, InstantSource clock) {
        return new FakeStripe(port, clock);
    }

    /** Where clients find it, without a trailing slash. */
    public URI baseUri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The test-mode data of {@link #ACCOUNT}. */
    public StripeData data() {
        return data(ACCOUNT, false);
    }

    /** The data of an account in one mode; empty at first. */
    public StripeData data(String account, boolean livemode) {
        return data.computeIfAbsent(new DataKey(account, livemode), k -> new StripeData(account, livemode, clock));
    }

    /**
     * Connects an account to a platform: keys of the platform read the account's data with the header {@code Stripe-Account}, and
     * the platform lists it.
     */
    public void connect(String platform, String account) {
        connections.add(new Connection(platform, account));
        for (boolean livemode : new boolean[] {false, true}) {
            data(platform, livemode).showConnected(account);
        }
    }

    /** Ends the connection: from now on 403 {@code account_invalid}. */
    public void disconnect(String platform, String account) {
        connections.remove(new Connection(platform, account));
    }

    private boolean isConnected(String platform, String account) {
        return platform.equals(account) || connections.contains(new Connection(platform, account));
    }

    /** The keys that are accepted. */
    public ApiKeys keys() {
        return keys;
    }

    /** What goes wrong on demand. */
    public StripeFaults faults() {
        return faults;
    }

    /** What was asked so far. */
    public RequestLog requests() {
        return log;
    }

    /** Ends hanging requests, then the server. */
    @Override
    public void close() {
        faults.clear();
        server.stop(0);
        threads.shutdownNow();
    }
}
