package io.sequin.operator.sync;

import io.sequin.api.v1alpha1.Api;
import io.sequin.api.v1alpha1.Condition;
import io.sequin.api.v1alpha1.Sync;
import io.sequin.api.v1alpha1.SyncStatus;
import io.sequin.api.v1alpha1.TableStatus;
import io.sequin.engine.TableState;
import io.sequin.operator.kube.Announcement;
import io.sequin.operator.kube.Announcements;
import io.sequin.operator.kube.Conditions;
import io.sequin.operator.kube.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What of a Sync is worth an Event: whether it is ready and in which way, the end of its backfill, tables that fail and
 * that work again. However many tables change at once, it is one Event.
 */
public final class SyncAnnouncements implements Announcements<Sync, SyncStatus> {
    /** Reasons of {@code Ready=True} that somebody should look at all the same. */
    private static final Set<String> TROUBLE = Set.of(SyncReason.TABLES_FAILING.text(), SyncReason.QUOTA_PARKED.text());

    private static final Set<String> OF_THE_DESTINATION =
            Stream.of(SyncProblem.values()).map(SyncProblem::reason).collect(Collectors.toUnmodifiableSet());

    @Override
    public List<Announcement> between(Sync sync, @Nullable SyncStatus before, SyncStatus after) {
        SyncStatus was = before == null ? SyncView.NO_STATUS : before;
        List<Announcement> all = new ArrayList<>();
        ready(was.conditions(), after.conditions())
                .map(ready -> ofReady(sync, ready))
                .ifPresent(all::add);
        backfillComplete(was, after).ifPresent(all::add);
        failing(was, after).ifPresent(all::add);
        recovered(was, after).ifPresent(all::add);
        return List.copyOf(all);
    }

    /** As long as the Destination is being verified there is no verdict, of whatever reason. */
    private static Optional<Announcement> ready(List<Condition> was, List<Condition> is) {
        return awaitsVerdict(is) ? Optional.empty() : Announcements.ready(awaitsVerdict(was) ? List.of() : was, is);
    }

    private static boolean awaitsVerdict(List<Condition> conditions) {
        return Conditions.is(conditions, SyncCondition.DESTINATION_READY.type(), Finding.State.UNKNOWN)
                && Conditions.find(conditions, Finding.READY)
                        .filter(ready -> OF_THE_DESTINATION.contains(ready.reason()))
                        .isPresent();
    }

    private static Announcement ofReady(Sync sync, Announcement ready) {
        Announcement told =
                TROUBLE.contains(ready.reason()) ? Announcement.warning(ready.reason(), ready.note()) : ready;
        return OF_THE_DESTINATION.contains(ready.reason())
                ? told.with(new Announcement.Related(
                        Api.GROUP + "/" + Api.VERSION,
                        "Destination",
                        sync.getSpec().destinationRef().name()))
                : told;
    }

    private static Optional<Announcement> backfillComplete(SyncStatus was, SyncStatus is) {
        String type = SyncCondition.BACKFILL_COMPLETE.type();
        return Conditions.is(is.conditions(), type, Finding.State.TRUE)
                        && !Conditions.is(was.conditions(), type, Finding.State.TRUE)
                ? Optional.of(Announcement.normal(
                        type,
                        "Every table's first pass is done: " + Objects.requireNonNullElse(is.tablesLive(), "all")
                                + " live, " + Objects.requireNonNullElse(is.rows(), 0L) + " rows."))
                : Optional.empty();
    }

    private static Optional<Announcement> failing(SyncStatus was, SyncStatus is) {
        Set<String> before = failingNames(was);
        List<TableStatus> now = is.tables().stream()
                .filter(SyncAnnouncements::fails)
                .filter(t -> !before.contains(name(t)))
                .toList();
        return now.isEmpty()
                ? Optional.empty()
                : Optional.of(Announcement.warning(
                        "TableFailing",
                        now.stream()
                                .map(t -> name(t) + ": " + Objects.requireNonNullElse(t.message(), ""))
                                .collect(Collectors.joining(" "))));
    }

    /** A table that is not listed any more has not recovered. */
    private static Optional<Announcement> recovered(SyncStatus was, SyncStatus is) {
        Set<String> before = failingNames(was);
        List<String> now = is.tables().stream()
                .filter(t -> !fails(t))
                .map(SyncAnnouncements::name)
                .filter(before::contains)
                .sorted()
                .toList();
        return now.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Announcement.normal("TableRecovered", "No longer failing: " + String.join(", ", now) + "."));
    }

    private static Set<String> failingNames(SyncStatus status) {
        return status.tables().stream()
                .filter(SyncAnnouncements::fails)
                .map(SyncAnnouncements::name)
                .collect(Collectors.toSet());
    }

    private static String name(TableStatus table) {
        return Objects.requireNonNullElse(table.name(), "");
    }

    private static boolean fails(TableStatus table) {
        return TableState.FAILING.text().equals(table.state());
    }
}
