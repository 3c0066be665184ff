package io.sequin.testkit.stripe;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.sequin.testkit.stripe.Fault.Delay;
import io.sequin.testkit.stripe.Fault.DropMidBody;
import io.sequin.testkit.stripe.Fault.Forbidden;
import io.sequin.testkit.stripe.Fault.Hang;
import io.sequin.testkit.stripe.Fault.HeldBack;
import io.sequin.testkit.stripe.Fault.Locked;
import io.sequin.testkit.stripe.Fault.NotJson;
import io.sequin.testkit.stripe.Fault.RateLimited;
import io.sequin.testkit.stripe.Fault.ServerError;
import io.sequin.testkit.stripe.Fault.TruncatedBody;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request: key, limits, faults, answer, log. */
final class StripeHandler implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(StripeHandler.class);

    private final ApiKeys keys;
    private final StripeFaults faults;
    private final RequestLog log;
    private final Router router;
    private final BiPredicate<String, String> connected;
    private final AtomicLong requestIds = new AtomicLong();

    /** With what says whether a key's account may read another one. */
    StripeHandler(
            ApiKeys keys, StripeFaults faults, RequestLog log, Router router, BiPredicate<String, String> connected) {
        this.connected = connected;
        this.keys = keys;
        this.faults = faults;
        this.log = log;
        this.router = router;
    }

    /** What will be sent. */
    private record Reply(int status, Map<String, String> headers, Body body, Optional<String> account) {}

    /** The log has the request before the client has the answer, so that a test may look at once. */
    @Override
    public void handle(HttpExchange exchange) throws IOException {
        Instant at = Instant.now();
        long start = System.nanoTime();
        List<StripeFaults.Active> active = faults.next(exchange.getRequestURI().getPath());
        try (exchange) {
            Optional<Fault> fault = active.isEmpty()
                    ? Optional.empty()
                    : Optional.of(active.getLast().fault());
            Optional<Reply> reply = replyInTurn(exchange, active, fault);
            log(exchange, reply, at, Duration.ofNanos(System.nanoTime() - start));
            if (reply.isPresent()) {
                if (fault.isPresent() && fault.get() instanceof HeldBack) {
                    active.getLast().awaitClosed();
                }
                send(exchange, reply.get(), fault);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Empty: the request hung. One too many at a time is refused at once. */
    private Optional<Reply> replyInTurn(HttpExchange exchange, List<StripeFaults.Active> active, Optional<Fault> fault)
            throws InterruptedException {
        Optional<String> caller = keys.accountOf(exchange.getRequestHeaders());
        ConcurrencyGate gate = faults.concurrency();
        if (!gate.enter(caller.orElse(""))) {
            return Optional.of(reply(StripeError.rateLimited("global-concurrency", Map.of()), caller));
        }
        try {
            return waited(active) ? Optional.of(reply(exchange, fault)) : Optional.empty();
        } finally {
            gate.leave(caller.orElse(""));
        }
    }

    private static Reply reply(StripeError error, Optional<String> account) {
        return new Reply(error.status(), error.headers(), error.body(), account);
    }

    private void log(HttpExchange exchange, Optional<Reply> reply, Instant at, Duration took) {
        log.add(new LoggedRequest(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                Objects.requireNonNullElse(exchange.getRequestURI().getRawQuery(), ""),
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Stripe-Version")),
                reply.flatMap(Reply::account),
                reply.map(Reply::status).orElse(0),
                at,
                took));
    }

    /** False: the request hung and gets no answer. */
    private static boolean waited(List<StripeFaults.Active> happening) throws InterruptedException {
        for (StripeFaults.Active active : happening) {
            if (active.fault() instanceof Delay delay) {
                Thread.sleep(delay.by());
            }
            if (active.fault() instanceof Hang) {
                active.awaitClosed();
                return false;
            }
        }
        return true;
    }

    private Reply reply(HttpExchange exchange, Optional<Fault> fault) {
        Optional<String> account = Optional.empty();
        try {
            ApiKey key = keys.authenticate(exchange.getRequestHeaders());
            account = Optional.of(readAccount(key, exchange));
            String path = exchange.getRequestURI().getPath();
            Router.Route route = router.route(exchange.getRequestMethod(), path);
            refuse(fault, key, route);
            faults.checkLimits(key.account(), path, route.endpoint());
            router.checkPermission(key, route);
            Body body = router.answer(
                    key,
                    account.get(),
                    route,
                    StripeQuery.parse(exchange.getRequestURI().getRawQuery()));
            return new Reply(200, Map.of(), body, account);
        } catch (StripeError.Answer answer) {
            return reply(answer.error(), account);
        } catch (RuntimeException bug) {
            LOG.error("the fake Stripe failed at {}", exchange.getRequestURI().getPath(), bug);
            return reply(StripeError.server(500), account);
        }
    }

    /** The key's account, or the connected one that the request names. */
    private String readAccount(ApiKey key, HttpExchange exchange) {
        String wanted = exchange.getRequestHeaders().getFirst("Stripe-Account");
        if (wanted == null) {
            return key.account();
        }
        if (!connected.test(key.account(), wanted)) {
            throw StripeError.noAccess(key.masked(), wanted).asAnswer();
        }
        return wanted;
    }

    private static void refuse(Optional<Fault> fault, ApiKey key, Router.Route route) {
        if (fault.isEmpty()) {
            return;
        }
        switch (fault.get()) {
            case RateLimited limited ->
                throw StripeError.rateLimited(
                                "global-rate",
                                limited.retryAfter()
                                        .map(d -> Map.of("Retry-After", String.valueOf(d.toSeconds())))
                                        .orElse(Map.of()))
                        .asAnswer();
            case Locked locked -> throw StripeError.locked().asAnswer();
            case ServerError error -> throw StripeError.server(error.status()).asAnswer();
            case Forbidden forbidden ->
                throw StripeError.forbidden(key.masked(), key.account(), route.permission())
                        .asAnswer();
            default -> {}
        }
    }

    private void send(HttpExchange exchange, Reply reply, Optional<Fault> fault) throws IOException {
        byte[] body = reply.body().utf8();
        boolean json = true;
        if (fault.isPresent() && fault.get() instanceof TruncatedBody) {
            body = Arrays.copyOf(body, body.length / 2);
        } else if (fault.isPresent() && fault.get() instanceof NotJson) {
            body = "<html><body>502 Bad Gateway</body></html>".getBytes(StandardCharsets.UTF_8);
            json = false;
        }
        var headers = exchange.getResponseHeaders();
        headers.set("Content-Type", json ? "application/json" : "text/html");
        headers.set("Request-Id", "req_" + Long.toString(requestIds.incrementAndGet(), 36));
        headers.set(
                "Stripe-Version",
                Objects.requireNonNullElse(
                        exchange.getRequestHeaders().getFirst("Stripe-Version"), FakeStripe.API_VERSION));
        reply.headers().forEach(headers::set);
        exchange.sendResponseHeaders(reply.status(), body.length);
        if (fault.isPresent() && fault.get() instanceof DropMidBody) {
            exchange.getResponseBody().write(body, 0, body.length / 2);
            exchange.getResponseBody().flush();
            return; // closing with bytes missing makes the server end the connection
        }
        exchange.getResponseBody().write(body);
    }
}
