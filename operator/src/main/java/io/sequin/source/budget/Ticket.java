package io.sequin.source.budget;

import io.sequin.source.Purpose;

/**
 * A request that waits, or is under way. One object each: equal ones are not the same.
 */
final class Ticket {
    private final Member member;
    private final Purpose purpose;
    private final String group;
    private long sentAt = Bucket.ON_ANSWER;

    Ticket(Member member, Purpose purpose, String group) {
        this.member = member;
        this.purpose = purpose;
        this.group = group;
    }

    Member member() {
        return member;
    }

    String group() {
        return group;
    }

    boolean keepsCurrent() {
        return purpose.keepsCurrent();
    }

    /** When it was let through; {@link Bucket#ON_ANSWER} before. */
    long sentAt() {
        return sentAt;
    }

    boolean isSent() {
        return sentAt != Bucket.ON_ANSWER;
    }

    void sent(long now) {
        sentAt = now;
    }
}
