package io.sequin.source.budget;

import io.sequin.data.AccountId;
import io.sequin.data.Problem;
import io.sequin.source.Purpose;
import io.sequin.source.RateLimits;
import io.sequin.source.RequestGate;
import io.sequin.source.RequestListener.Result;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import io.sequin.source.Throttle;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** The gate of one session: first before the budget of all that don't know their account yet, then its account's. */
final class SessionGate implements RequestGate {
    private static final String IN_THE_MIDDLE = ", in the middle of an object that takes several requests; one that"
            + " takes more than spec.rateLimit.requests is never read: set that higher, or spec.rateLimit.interval to "
            + RateBudgets.GOING_ON.toMinutes() + "m or less";

    private final RateBudgets budgets;
    private final Member member;
    private volatile Place place;
    /** Of the last request before the account was known. */
    private volatile String opening = "";

    private boolean closed;

    /** The budget that this session is a member of. */
    private record Place(RateBudgets.Key key, SharedBudget budget) {}

    SessionGate(RateBudgets budgets, RateBudgets.Key key, RateLimits limits, Member member) {
        this.budgets = budgets;
        this.member = member;
        this.place = new Place(key, budgets.join(key, limits, member));
    }

    @Override
    public synchronized void belongsTo(AccountId account, RateLimits limits) {
        Place before = place;
        RateBudgets.Key key = new RateBudgets.Key(before.key().kind(), Optional.of(account));
        if (key.equals(before.key())) {
            return;
        }
        Place now = new Place(key, budgets.join(key, limits, member));
        if (!opening.isEmpty()) {
            now.budget().change(b -> b.charge(opening, budgets.nanos()));
        }
        place = now;
        budgets.leave(before.key(), member);
    }

    @Override
    public Pass enter(Purpose purpose, String group, Step step) {
        Place at = place;
        if (at.key().account().isEmpty()) {
            opening = group;
        }
        Ticket ticket = new Ticket(member, purpose, group);
        long asked = budgets.nanos();
        SharedBudget.Entry entry;
        try {
            entry = at.budget()
                    .enter(
                            ticket,
                            RateBudgets.LONGEST_WAIT,
                            step == Step.GOES_ON ? RateBudgets.LONGEST_TO_GO_ON : RateBudgets.LONGEST_WAIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SourceException(
                    Problem.of(SourceProblem.UNREACHABLE, "the wait for the rate budget was interrupted"), null, e);
        }
        budgets.listener().waited(at.key().kind(), purpose, since(asked));
        if (entry.later().isPositive()) {
            throw parked(entry, step);
        }
        return new Passed(at, ticket, purpose);
    }

    /** The same text for all that wait: it is shown in a status. Whole seconds, so that the times are the same too. */
    private SourceException parked(SharedBudget.Entry entry, Step step) {
        Instant at = budgets.clock()
                .instant()
                .plus(entry.later())
                .truncatedTo(ChronoUnit.SECONDS)
                .plusSeconds(1);
        String message = entry.bySource()
                ? "the source asked to slow down; all Syncs of the account wait"
                : "this Sync has used up what its spec.rateLimit allows" + (step == Step.GOES_ON ? IN_THE_MIDDLE : "");
        return new SourceException(
                Problem.of(SourceProblem.RATE_LIMITED, message).retryingAt(at));
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            budgets.leave(place.key(), member);
        }
    }

    private Duration since(long start) {
        return Duration.ofNanos(budgets.nanos() - start);
    }

    /** A request under way. */
    private final class Passed implements Pass {
        private final Place at;
        private final Ticket ticket;
        private final Purpose purpose;
        private Result result = Result.UNREACHABLE;

        Passed(Place at, Ticket ticket, Purpose purpose) {
            this.at = at;
            this.ticket = ticket;
            this.purpose = purpose;
        }

        @Override
        public void answered(int status, Optional<Throttle> throttle) {
            result = Result.of(status);
            throttle.ifPresent(t -> at.budget().slowDown(ticket, t, budgets.pause(t)));
        }

        @Override
        public void close() {
            at.budget().end(ticket);
            budgets.listener().ended(at.key().kind(), purpose, result, since(ticket.sentAt()));
        }
    }
}
