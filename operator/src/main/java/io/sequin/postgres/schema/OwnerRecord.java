package io.sequin.postgres.schema;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sequin.data.AccountId;
import io.sequin.data.Owner;
import org.jspecify.annotations.Nullable;

/**
 * The owner as {@code _sync_writer.owner} has it.
 *
 * @param account the source account whose data the schema holds
 * @param renewedAt when it was claimed or last renewed, ISO 8601 in UTC
 * @param releasedAt when the owner let go of it; null while it is held
 * @param madeSchema the schema was not there before us; false where a version that did not record it made the claim
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record OwnerRecord(
        String cluster,
        String namespace,
        String name,
        String uid,
        String source,
        String account,
        @Nullable String renewedAt,
        @Nullable String releasedAt,
        boolean madeSchema) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static OwnerRecord of(Owner owner, AccountId account, String now, boolean madeSchema) {
        return new OwnerRecord(
                owner.cluster(),
                owner.sync().namespace(),
                owner.sync().name(),
                owner.sync().uid(),
                owner.source(),
                account.value(),
                now,
                null,
                madeSchema);
    }

    static OwnerRecord parse(String json) {
        try {
            return JSON.readValue(json, OwnerRecord.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the owner in " + StateTables.WRITER + " is not one that we wrote", e);
        }
    }

    String json() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an owner of plain strings must be writable as JSON", e);
        }
    }

    /** The same Sync, perhaps created anew under another uid. */
    boolean isSameSync(Owner owner) {
        return cluster.equals(owner.cluster())
                && namespace.equals(owner.sync().namespace())
                && name.equals(owner.sync().name());
    }

    String describe() {
        return "Sync " + namespace + "/" + name + " of cluster " + cluster;
    }
}
