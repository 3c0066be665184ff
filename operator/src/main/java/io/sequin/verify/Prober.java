package io.sequin.verify;

import io.sequin.credentials.CredentialProblem;
import io.sequin.data.HostPort;
import io.sequin.data.PostgresSettings;
import io.sequin.data.Problem;
import io.sequin.postgres.Login;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.ServerFacts;
import io.sequin.postgres.ServerInspection;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** All the I/O of a verification: stops at the first failure, and after a deadline whatever the server does. */
public final class Prober {
    private final ServerInspection inspection;
    private final Semaphore slots;
    private final Duration deadline;

    /**
     * @param slots how many verifications run at once in the process
     * @param deadline for a whole run, waiting for a slot not included
     */
    public Prober(ServerInspection inspection, int slots, Duration deadline) {
        this.inspection = inspection;
        this.slots = new Semaphore(slots, true);
        this.deadline = deadline;
    }

    /** Looks. Blocks; an interrupt ends it at once. */
    Observed observe(PostgresSettings settings) throws InterruptedException {
        slots.acquire();
        try {
            return observe(settings, System.nanoTime() + deadline.toNanos());
        } finally {
            slots.release();
        }
    }

    private Observed observe(PostgresSettings settings, long end) throws InterruptedException {
        HostPort address = settings.address();
        Login login;
        try {
            login = bounded(() -> inspection.credentials(settings), end);
        } catch (PostgresException e) {
            return Observed.noCredentials(address, e.problem());
        } catch (TimeoutException e) {
            return Observed.noCredentials(
                    address,
                    Problem.of(
                            CredentialProblem.SECRET_UNREADABLE,
                            "The credentials could not be read in time; tried again."));
        }
        try {
            ServerFacts facts = bounded(() -> inspection.inspect(settings, login), end);
            return Observed.server(address, facts);
        } catch (PostgresException e) {
            return Observed.noSession(address, e.problem());
        } catch (TimeoutException e) {
            return Observed.noSession(
                    address,
                    Problem.of(
                            PostgresProblem.CONNECTION_TIMEOUT,
                            "The verification of " + address + " was given up after " + deadline.toSeconds()
                                    + " s: the server answers too slowly; tried again."));
        }
    }

    /** On a thread of its own, since a server that sends a byte now and then defeats every time-out of a socket. */
    private static <T> T bounded(Callable<T> work, long end) throws InterruptedException, TimeoutException {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofVirtual().name("probe").start(task);
        try {
            return task.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("a probe failed in an unknown way", e.getCause());
        } finally {
            // interrupts where it still runs: on a virtual thread that ends a blocked read at once
            task.cancel(true);
        }
    }
}
