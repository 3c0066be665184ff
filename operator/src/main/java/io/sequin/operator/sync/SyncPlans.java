package io.sequin.operator.sync;

import io.sequin.api.v1alpha1.RateLimit;
import io.sequin.api.v1alpha1.Sync;
import io.sequin.api.v1alpha1.SyncSpec;
import io.sequin.api.v1alpha1.SyncTables;
import io.sequin.data.DeleteGuard;
import io.sequin.data.Deletes;
import io.sequin.data.NewColumns;
import io.sequin.data.Owner;
import io.sequin.data.PostgresSettings;
import io.sequin.data.RateCeiling;
import io.sequin.data.ResyncPlan;
import io.sequin.data.ResyncRequest;
import io.sequin.data.SourceConfig;
import io.sequin.data.TableSelection;
import io.sequin.data.WriteRules;
import io.sequin.engine.SyncPlan;
import io.sequin.operator.kube.Reading;
import io.sequin.operator.kube.Resources;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the plan of a Sync's loop from its spec and how its Destination is reached. Pure. */
final class SyncPlans {
    private SyncPlans() {}

    /**
     * The plan, with every default filled in; invalid where a later version's rules let in what this one can't follow.
     *
     * @param cluster identity of the Kubernetes cluster
     */
    static Reading<SyncPlan> of(Sync sync, SourceConfig source, PostgresSettings destination, String cluster) {
        SyncTables chosen = sync.getSpec().tables();
        if (chosen != null && !chosen.include().isEmpty() && !chosen.exclude().isEmpty()) {
            return Reading.invalid("spec.tables has both include and exclude: set one of them");
        }
        return new Reading.Valid<>(new SyncPlan(
                new Owner(cluster, Resources.key(sync), source.kind()),
                destination,
                sync.getSpec().schema(),
                source,
                sync.getSpec().effectivePollInterval(),
                tables(chosen),
                rate(sync.getSpec().rateLimit()),
                rules(sync.getSpec()),
                resync(sync.getSpec()),
                SyncPlan.Work.SYNC));
    }

    /** The plan of the loop that drops the data of a deleted Sync: its source does not matter any more. */
    static SyncPlan drop(Sync sync, PostgresSettings destination, String cluster) {
        SourceConfig none = new SourceConfig("", "{}", Map.of());
        return new SyncPlan(
                new Owner(cluster, Resources.key(sync), none.kind()),
                destination,
                sync.getSpec().schema(),
                none,
                Duration.ZERO,
                TableSelection.ALL,
                RateCeiling.NONE,
                WriteRules.USUAL,
                ResyncPlan.NONE,
                SyncPlan.Work.DROP);
    }

    private static WriteRules rules(SyncSpec spec) {
        SyncTables tables = spec.tables();
        return new WriteRules(
                spec.keepsDeleted() ? Deletes.SOFT : Deletes.HARD,
                tables != null && tables.ignoresNewColumns() ? NewColumns.IGNORE : NewColumns.ADD,
                resync(spec).guard().confirm());
    }

    private static TableSelection tables(@Nullable SyncTables chosen) {
        return chosen == null
                ? TableSelection.ALL
                : new TableSelection(Set.copyOf(chosen.include()), Set.copyOf(chosen.exclude()));
    }

    private static ResyncPlan resync(SyncSpec spec) {
        // a later version's rules may let in what this one's refuse
        Optional<ResyncRequest> request = Optional.ofNullable(spec.resync())
                .filter(wanted -> wanted.token() != null)
                .map(wanted -> new ResyncRequest(wanted.token(), Set.copyOf(wanted.tables())));
        DeleteGuard guard = Optional.ofNullable(spec.deleteGuard())
                .map(said -> new DeleteGuard(
                        Math.clamp(said.effectiveMaxPercent(), 0, 100), Optional.ofNullable(said.confirm())))
                .orElse(DeleteGuard.USUAL);
        return new ResyncPlan(request, guard);
    }

    private static RateCeiling rate(@Nullable RateLimit limit) {
        if (limit == null) {
            return RateCeiling.NONE;
        }
        OptionalInt requests = optional(limit.requests());
        return new RateCeiling(
                requests,
                requests.isPresent() ? Optional.of(limit.effectiveInterval()) : Optional.empty(),
                optional(limit.maxConcurrent()),
                optional(limit.quotaPercent()));
    }

    private static OptionalInt optional(@Nullable Integer value) {
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }
}
