package io.sequin.testkit.proxy;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;

/** One client of a {@link TransactionProxy} and its connection to the server. */
final class TransactionConnection {
    /** Long enough for a client to come back and ask how its COMMIT went. */
    private static final Duration LATE = Duration.ofMillis(500);

    private static final int READY_FOR_QUERY = 'Z';

    private final Socket client;
    private final Socket upstream = new Socket();
    private final Cuts cuts;
    private Optional<String> transaction = Optional.empty();
    private volatile Answers answers = Answers.PASS;

    /** What becomes of what the server says. */
    private enum Answers {
        PASS,
        /** Kept from the client, until the server has finished: then the connection ends. */
        LOSE,
        /** Passed on, until the server has finished: then the connection ends. */
        LAST
    }

    TransactionConnection(Socket client, Cuts cuts) {
        this.client = client;
        this.cuts = cuts;
    }

    /** Forwards until one side ends or a cut is due. */
    void run(InetSocketAddress server) {
        try {
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
            upstream.connect(server);
            Thread back = Thread.ofVirtual().name("transaction-proxy-answers").start(this::passAnswers);
            passRequests();
            back.join();
        } catch (IOException oneSideIsGone) {
            end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end();
        }
    }

    private void passRequests() throws IOException, InterruptedException {
        ClientMessages messages = new ClientMessages(client.getInputStream());
        OutputStream out = upstream.getOutputStream();
        for (Optional<ClientMessages.Request> next = messages.next(); next.isPresent(); next = messages.next()) {
            ClientMessages.Request request = next.get();
            if (request.isCopyData() && endsInCopy(request, out)) {
                return;
            }
            Optional<String> begun = cuts.name(request);
            if (begun.isPresent()) {
                transaction = begun;
            }
            Optional<CutPoint> cut = request.runs("COMMIT")
                    ? cuts.take(transaction, CutPoint.AT_COMMIT)
                    : cuts.take(begun, EnumSet.of(CutPoint.BEFORE_BEGIN));
            if (request.runs("COMMIT") || request.runs("ROLLBACK")) {
                transaction = Optional.empty();
            }
            if (cut.isPresent() && endsAt(cut.get(), request, out)) {
                return;
            }
            request.writeTo(out);
        }
        if (answers == Answers.PASS) {
            upstream.shutdownOutput();
        }
    }

    private boolean endsInCopy(ClientMessages.Request request, OutputStream out) throws IOException {
        OptionalInt bytes = cuts.takeInCopy(transaction, request.size());
        if (bytes.isPresent()) {
            request.writeTo(out, bytes.getAsInt());
            end();
        }
        return bytes.isPresent();
    }

    /** Whether no request follows, not even this one. */
    private boolean endsAt(CutPoint cut, ClientMessages.Request request, OutputStream out)
            throws IOException, InterruptedException {
        switch (cut) {
            case BEFORE_BEGIN, IN_COPY, BEFORE_COMMIT -> end();
            case COMMIT_UNANSWERED -> answers = Answers.LOSE;
            case AFTER_COMMIT -> answers = Answers.LAST;
            case COMMIT_LATE -> {
                answers = Answers.LOSE;
                reset(client);
                Thread.sleep(LATE);
                request.writeTo(out);
            }
        }
        return cut != CutPoint.COMMIT_UNANSWERED && cut != CutPoint.AFTER_COMMIT;
    }

    private void passAnswers() {
        try {
            DataInputStream in = new DataInputStream(new BufferedInputStream(upstream.getInputStream()));
            OutputStream out = client.getOutputStream();
            while (true) {
                ByteArrayOutputStream message = new ByteArrayOutputStream();
                int type = Wire.message(in, message);
                // read before the message is looked at: it may be the answer to the COMMIT
                Answers how = answers;
                if (how != Answers.LOSE) {
                    message.writeTo(out);
                }
                if (type == READY_FOR_QUERY && how == Answers.LAST) {
                    client.close();
                }
                if (type == READY_FOR_QUERY && how != Answers.PASS) {
                    end();
                    return;
                }
            }
        } catch (IOException oneSideIsGone) {
            end();
        }
    }

    /** Ends both sides: the client sees "connection reset". */
    void end() {
        reset(client);
        reset(upstream);
    }

    private static void reset(Socket socket) {
        try {
            if (!socket.isClosed()) {
                socket.setSoLinger(true, 0);
            }
            socket.close();
        } catch (IOException alreadyGone) {
            // closed by the other thread: what was wanted
        }
    }
}
