package io.sequin.source.budget;

import io.sequin.source.RateLimits;
import io.sequin.source.Throttle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The budget of one account: decides which requests go when. What keeps live data current goes before backfills, but for
 * every fourth request where both wait; what one of them leaves the other has.
 */
final class Budget {
    /** So many requests of tails go before one of a backfill, where both wait. */
    static final int BEFORE_BACKFILL = 3;

    private final RateLimits limits;
    private final double share;
    private final Bucket account;
    private final Map<String, Bucket> groups = new HashMap<>();
    private final Map<Member, Ceiling> ceilings = new HashMap<>();
    private final Map<Member, Integer> members = new HashMap<>();
    private final Line current = new Line();
    private final Line backfills = new Line();
    private int inARow;

    /**
     * @param limits what the source allows
     * @param share of it that we use
     */
    Budget(RateLimits limits, double share) {
        this.limits = limits;
        this.share = share;
        this.account = new Bucket(limits.perSecond(), limits.concurrent(), share);
    }

    /** One more session of this Sync; its ceiling remembers what sessions before used. */
    void join(Member member) {
        members.merge(member, 1, Integer::sum);
        ceilings.computeIfAbsent(member, m -> new Ceiling(m.ceiling(), limits, share));
    }

    void leave(Member member, long now) {
        members.computeIfPresent(member, (m, sessions) -> sessions == 1 ? null : sessions - 1);
        forgetCeilings(now);
    }

    private void forgetCeilings(long now) {
        ceilings.entrySet()
                .removeIf(e -> !members.containsKey(e.getKey()) && e.getValue().isAtRest(now));
    }

    /** Whether nobody uses it and it would be the same if it were made anew. */
    boolean isIdle(long now) {
        forgetCeilings(now);
        return ceilings.isEmpty()
                && account.isAtRest(now)
                && groups.values().stream().allMatch(g -> g.isAtRest(now));
    }

    void ask(Ticket ticket) {
        line(ticket).add(ticket);
    }

    /** It waits no longer. */
    void giveUp(Ticket ticket) {
        line(ticket).leave(ticket);
    }

    /** Its Sync's ceiling lets nothing through until then. */
    void parked(Ticket ticket, long until) {
        if (ticket.keepsCurrent()) {
            ceiling(ticket).owes(until);
        }
    }

    /** Lets all go that may, in their order. */
    List<Ticket> grant(long now) {
        List<Ticket> granted = new ArrayList<>();
        for (Optional<Ticket> next = next(now); next.isPresent(); next = next(now)) {
            Ticket ticket = next.get();
            line(ticket).take(ticket);
            inARow = ticket.keepsCurrent() ? inARow + 1 : 0;
            ticket.sent(now);
            account.start(ticket.keepsCurrent(), now);
            group(ticket.group()).start(ticket.keepsCurrent(), now);
            ceiling(ticket).start(ticket.keepsCurrent(), now);
            granted.add(ticket);
        }
        return granted;
    }

    /** The answer is there, or none will come. */
    void end(Ticket ticket, long now) {
        account.end(ticket.keepsCurrent(), now);
        group(ticket.group()).end(ticket.keepsCurrent(), now);
        ceiling(ticket).end(ticket.keepsCurrent());
    }

    /** A request of this group went out before anybody knew whose it was. */
    void charge(String group, long now) {
        account.charge(now);
        group(group).charge(now);
    }

    /**
     * The source answered this request by asking to slow down.
     *
     * @param until nothing is sent before
     */
    void slowDown(Ticket ticket, Throttle throttle, long now, long until) {
        Bucket met = switch (throttle.scope()) {
            case ACCOUNT -> account;
            case GROUP -> group(ticket.group());
        };
        met.slowDown(throttle.limit(), ticket.sentAt(), now, until);
    }

    /** When it may go, if nobody is before it: a time, or {@link Bucket#ON_ANSWER}. */
    long freeAt(Ticket ticket, long now) {
        return Math.max(ofSource(ticket, now), ceiling(ticket).freeAt(ticket.keepsCurrent(), now));
    }

    /** The same without the Sync's own ceiling. */
    long ofSource(Ticket ticket, long now) {
        long all = account.freeAt(ticket.keepsCurrent(), now);
        return all == Bucket.ON_ANSWER
                ? all
                : Math.max(all, group(ticket.group()).freeAt(ticket.keepsCurrent(), now));
    }

    /** When the next of those who wait may go, unless an answer changes it; {@link Bucket#ON_ANSWER} for none. */
    long nextAt(long now) {
        long[] earliest = {Bucket.ON_ANSWER};
        current.forEach(t -> earliest[0] = Math.min(earliest[0], freeAt(t, now)));
        backfills.forEach(t -> earliest[0] = Math.min(earliest[0], freeAt(t, now)));
        return earliest[0];
    }

    int waiting() {
        return current.size() + backfills.size();
    }

    Bucket account() {
        return account;
    }

    private Optional<Ticket> next(long now) {
        Optional<Ticket> first = current.first(t -> freeAt(t, now) <= now);
        if (first.isPresent() && inARow < BEFORE_BACKFILL) {
            return first;
        }
        return backfills.first(t -> freeAt(t, now) <= now).or(() -> first);
    }

    private Line line(Ticket ticket) {
        return ticket.keepsCurrent() ? current : backfills;
    }

    private Bucket group(String name) {
        return groups.computeIfAbsent(name, g -> new Bucket(limits.of(g), limits.concurrent(), share));
    }

    private Ceiling ceiling(Ticket ticket) {
        return ceilings.computeIfAbsent(ticket.member(), m -> new Ceiling(m.ceiling(), limits, share));
    }
}
