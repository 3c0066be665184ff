package io.sequin.benchmark;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A source that answers as fast as it can, or so much later, and never changes: a list of charges, by HTTP/1.1 over
 * connections that stay open. It is told apart from Stripe by its speed alone. The arguments are the number of charges
 * and the milliseconds that a page takes.
 */
final class ChargeServer {
    /** What it says first; its port follows. */
    static final String READY = "port ";

    /** Says how many requests for charges there were. */
    static final String COUNT = "/count";

    private static final Pattern AFTER = Pattern.compile("[?&]starting_after=(ch_\\d+)");
    private static final Pattern LIMIT = Pattern.compile("[?&]limit=(\\d+)");
    private static final byte[] NONE =
            "{\"object\":\"list\",\"data\":[],\"has_more\":false}".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ACCOUNT =
            "{\"id\":\"acct_fast\",\"object\":\"account\"}".getBytes(StandardCharsets.US_ASCII);

    private final int rows;
    private final long latency;
    private final AtomicLong requests = new AtomicLong();

    private ChargeServer(int rows, long latency) {
        this.rows = rows;
        this.latency = latency;
    }

    /** Serves until it is ended. */
    public static void main(String[] args) throws IOException {
        ChargeServer source = new ChargeServer(Integer.parseInt(args[0]), Long.parseLong(args[1]));
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            System.out.println(READY + server.getLocalPort());
            while (true) {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                Thread.ofPlatform().start(() -> source.new Connection(socket).serve());
            }
        }
    }

    /** One client's connection. */
    private final class Connection {
        private final Socket socket;
        private final Charges charges = new Charges();
        private final byte[] request = new byte[8_192];
        private int filled;
        private byte[] answer = new byte[1_024];

        Connection(Socket socket) {
            this.socket = socket;
        }

        void serve() {
            try (socket;
                    InputStream in = socket.getInputStream();
                    OutputStream out = socket.getOutputStream()) {
                while (true) {
                    answer(target(in), out);
                }
            } catch (EOFException gone) {
                // the client has closed it
            } catch (IOException | InterruptedException e) {
                System.out.println("a connection broke: " + e);
            }
        }

        /** Path and query of the next request. */
        private String target(InputStream in) throws IOException {
            int end = end();
            while (end < 0) {
                int read = in.read(request, filled, request.length - filled);
                if (read <= 0) {
                    throw new EOFException();
                }
                filled += read;
                end = end();
            }
            String head = new String(request, 0, end, StandardCharsets.ISO_8859_1);
            System.arraycopy(request, end, request, 0, filled - end);
            filled -= end;
            return head.split(" ", 3)[1];
        }

        /** The index behind the empty line that ends a request without body; -1: it is not there yet. */
        private int end() {
            for (int i = 3; i < filled; i++) {
                if (request[i] == '\n' && request[i - 1] == '\r' && request[i - 2] == '\n') {
                    return i + 1;
                }
            }
            return -1;
        }

        private void answer(String target, OutputStream out) throws IOException, InterruptedException {
            if (target.startsWith("/v1/charges")) {
                requests.incrementAndGet();
                if (latency > 0) {
                    Thread.sleep(latency);
                }
                Matcher after = AFTER.matcher(target);
                Matcher limit = LIMIT.matcher(target);
                int top = after.find() ? Charges.number(after.group(1)) : rows;
                int most = limit.find() ? Integer.parseInt(limit.group(1)) : 10;
                int length = charges.list(top, Math.min(most, Charges.PAGE));
                send(charges.bytes(), length, out);
            } else if (target.equals(COUNT)) {
                byte[] count = String.valueOf(requests.get()).getBytes(StandardCharsets.US_ASCII);
                send(count, count.length, out);
            } else {
                byte[] body = target.startsWith("/v1/account") ? ACCOUNT : NONE;
                send(body, body.length, out);
            }
        }

        /** Head and body by one write. */
        private void send(byte[] body, int length, OutputStream out) throws IOException {
            byte[] head = ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: "
                            + DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC))
                            + "\r\nContent-Length: " + length + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            int all = head.length + length;
            if (answer.length < all) {
                answer = Arrays.copyOf(answer, all);
            }
            System.arraycopy(head, 0, answer, 0, head.length);
            System.arraycopy(body, 0, answer, head.length, length);
            out.write(answer, 0, all);
        }
    }
}
