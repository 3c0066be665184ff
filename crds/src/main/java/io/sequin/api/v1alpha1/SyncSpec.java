package io.sequin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a user asks of a {@link Sync}. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "self.schema == oldSelf.schema",
        message = "schema can't change in this version (renaming comes later): create a new Sync with the other schema",
        fieldPath = ".schema")
@ValidationRule(
        value = "size(bytes(self.schema)) <= 58",
        message = "schema must have at most 58 bytes (a letter with an umlaut has two): choose a shorter name",
        fieldPath = ".schema")
@ValidationRule(
        value = "!self.schema.startsWith('pg_') && self.schema != 'information_schema' && self.schema != 'public'",
        message = "schema must not be public, information_schema or start with pg_: choose a name that only this Sync"
                + " uses, such as stripe",
        fieldPath = ".schema")
@ValidationRule(
        value = "!self.schema.endsWith('_swap')",
        message = "schema must not end with _swap, a name the operator needs for itself: choose another name",
        fieldPath = ".schema")
@ValidationRule(
        value = "self.schema.matches(r'" + SyncSpec.PRINTABLE + "')",
        message = "schema must not contain control characters: use letters, digits and '_'",
        fieldPath = ".schema")
@ValidationRule(
        value = "!has(self.pollInterval) || (self.pollInterval.matches(r'" + Api.DURATION
                + "') && duration(self.pollInterval) >= duration('1s'))",
        message = "pollInterval must be a duration of at least 1s, such as 30s or 5m",
        fieldPath = ".pollInterval")
@ValidationRule(
        value = "!has(self.deletionTimeout) || (self.deletionTimeout.matches(r'" + Api.DURATION
                + "') && duration(self.deletionTimeout) >= duration('10s')"
                + " && duration(self.deletionTimeout) <= duration('24h'))",
        message = "deletionTimeout must be a duration from 10s to 24h, such as 30s or 5m",
        fieldPath = ".deletionTimeout")
public record SyncSpec(
        @JsonPropertyDescription("The Destination to write to. It can't change.") @Required
        DestinationRef destinationRef,

        @JsonPropertyDescription(
                "The database schema to write to; the operator creates it. At most 58 bytes, and no other Sync may use"
                        + " it. It can't change in this version.")
        @Required
        @Size(min = 1, max = 58)
        String schema,

        @JsonPropertyDescription("Where the data comes from; exactly one kind, which can't change.") @Required
        SyncSource source,

        @JsonPropertyDescription(
                "Which tables to fill. Absent means every table that the source offers, new ones too. A table taken out"
                        + " stays in the database as it is.")
        @Nullable
        SyncTables tables,

        @JsonPropertyDescription(
                "Time between two polls for changes, as a duration such as 30s or 5m; at least 1s. Absent means 30s.")
        @Size(min = 2, max = 16)
        @Pattern(Api.DURATION)
        @Nullable
        String pollInterval,

        @JsonPropertyDescription(
                "A ceiling for this Sync under the budget that all Syncs of the same account share; the lower wins."
                        + " Absent means no ceiling of its own.")
        @Nullable
        RateLimit rateLimit,

        @JsonPropertyDescription(
                "What becomes of a row that the source deleted: Hard deletes it, Soft keeps it and writes the time into"
                        + " its column _sync_deleted_at, which is null again when the row returns. Absent means Hard.")
        @Nullable
        Deletes deletes,

        @JsonPropertyDescription("true stops reading and writing; what was synced stays. Absent means false.") @Nullable
        Boolean suspend,

        @JsonPropertyDescription(
                "A new token here reads tables again from the start, in place: rows that did not change are not written,"
                        + " rows that are gone at the source are deleted at the end. Absent means none is wanted; one"
                        + " under way ends.")
        @Nullable
        SyncResync resync,

        @JsonPropertyDescription(
                "How much a re-sync may delete without asking. Absent means 30 percent of a table's rows, or 100 rows.")
        @Nullable
        SyncDeleteGuard deleteGuard,

        @JsonPropertyDescription(
                "What becomes of the data when this Sync is deleted: Retain keeps it, Delete drops the tables that the"
                        + " operator made. What others made stays in both cases. Absent means Retain.")
        @Nullable
        DeletionPolicy deletionPolicy,

        @JsonPropertyDescription(
                "With Delete: how long to try to reach the database before the data is left behind, as a duration such"
                        + " as 30s or 5m; from 10s to 24h. Absent means 5m.")
        @Size(min = 2, max = 16)
        @Pattern(Api.DURATION)
        @Nullable
        String deletionTimeout) {

    /** No control characters. */
    static final String PRINTABLE = "^[^\\x00-\\x1f\\x7f]+$";

    private static final Duration DEFAULT_POLL_INTERVAL = Duration.ofSeconds(30);
    private static final Duration DEFAULT_DELETION_TIMEOUT = Duration.ofMinutes(5);

    /** Of a Sync that leaves out what came to the API later. */
    public SyncSpec(
            DestinationRef destinationRef,
            String schema,
            SyncSource source,
            @Nullable SyncTables tables,
            @Nullable String pollInterval,
            @Nullable RateLimit rateLimit,
            @Nullable Boolean suspend,
            @Nullable DeletionPolicy deletionPolicy,
            @Nullable String deletionTimeout) {
        this(
                destinationRef,
                schema,
                source,
                tables,
                pollInterval,
                rateLimit,
                null,
                suspend,
                null,
                null,
                deletionPolicy,
                deletionTimeout);
    }

    /** Time between two polls; 30 seconds unless the manifest says otherwise. */
    public Duration effectivePollInterval() {
        return pollInterval == null ? DEFAULT_POLL_INTERVAL : GoDuration.parse(pollInterval);
    }

    /** Whether the user asked to pause this Sync. */
    public boolean effectiveSuspend() {
        return Boolean.TRUE.equals(suspend);
    }

    /** Whether the data is to be dropped with the Sync; a value that this version does not know keeps it. */
    public boolean deletesData() {
        return deletionPolicy == DeletionPolicy.DELETE;
    }

    /** Whether rows that the source deleted stay; a value that this version does not know keeps them. */
    public boolean keepsDeleted() {
        return deletes != null && deletes != Deletes.HARD;
    }

    /** How long to try to drop the data; 5 minutes unless the manifest says otherwise. */
    public Duration effectiveDeletionTimeout() {
        return deletionTimeout == null ? DEFAULT_DELETION_TIMEOUT : GoDuration.parse(deletionTimeout);
    }
}
