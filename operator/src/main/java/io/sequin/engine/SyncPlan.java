package io.sequin.engine;

import io.sequin.data.Owner;
import io.sequin.data.PostgresSettings;
import io.sequin.data.RateCeiling;
import io.sequin.data.ResyncPlan;
import io.sequin.data.SourceConfig;
import io.sequin.data.TableSelection;
import io.sequin.data.WriteRules;
import java.time.Duration;

/**
 * What a Sync's loop is to do. Holds references to Secrets, never their values nor versions, and no observed health.
 *
 * @param tables which of the source's tables are filled
 * @param rate what this Sync may ask of the source at most
 * @param rules how rows are written
 * @param resync what is to be synced again
 * @param work what the loop is for
 */
public record SyncPlan(
        Owner owner,
        PostgresSettings destination,
        String schema,
        SourceConfig source,
        Duration pollInterval,
        TableSelection tables,
        RateCeiling rate,
        WriteRules rules,
        ResyncPlan resync,
        Work work) {
    /** What a loop is for. */
    public enum Work {
        /** Fill the tables and follow the source. */
        SYNC,
        /** Nothing, until the Sync goes on or is deleted. */
        REST,
        /** Drop the data of a deleted Sync. */
        DROP
    }

    /** The plan of a Sync at work that writes rows as usual and syncs none again. */
    public SyncPlan(
            Owner owner,
            PostgresSettings destination,
            String schema,
            SourceConfig source,
            Duration pollInterval,
            TableSelection tables,
            RateCeiling rate) {
        this(
                owner,
                destination,
                schema,
                source,
                pollInterval,
                tables,
                rate,
                WriteRules.USUAL,
                ResyncPlan.NONE,
                Work.SYNC);
    }

    /** The same with another re-sync. */
    public SyncPlan with(ResyncPlan other) {
        return new SyncPlan(owner, destination, schema, source, pollInterval, tables, rate, rules, other, work);
    }

    /** The same for other work. */
    public SyncPlan with(Work other) {
        return new SyncPlan(owner, destination, schema, source, pollInterval, tables, rate, rules, resync, other);
    }
}
