package io.sequin.operator.kube;

import io.sequin.api.v1alpha1.Condition;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides what the step from one status of a resource to the next is worth telling. Pure; a status that only counts on is
 * worth nothing.
 *
 * @param <R> the kind
 * @param <S> its status
 */
@FunctionalInterface
public interface Announcements<R, S> {
    /**
     * @param before null where the resource had no status
     */
    List<Announcement> between(R resource, @Nullable S before, S after);

    /**
     * The condition {@code Ready}, where it got another status or reason. {@code Unknown} is not worth an Event: it only
     * says that the verdict is not there yet.
     */
    static Optional<Announcement> ready(List<Condition> before, List<Condition> after) {
        Condition was = Conditions.find(before, Finding.READY).orElse(null);
        return Conditions.find(after, Finding.READY)
                .filter(is -> !Finding.State.UNKNOWN.text().equals(is.status()))
                .filter(is -> was == null
                        || !Objects.equals(was.status(), is.status())
                        || !Objects.equals(was.reason(), is.reason()))
                .map(is -> new Announcement(
                        !Finding.State.TRUE.text().equals(is.status()),
                        Objects.requireNonNullElse(is.reason(), "Unknown"),
                        Objects.requireNonNullElse(is.message(), ""),
                        Optional.empty()));
    }
}
