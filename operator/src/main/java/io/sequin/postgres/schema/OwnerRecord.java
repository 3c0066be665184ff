package io.sequin.postgres.schema;

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
        return StateJson.read(json, OwnerRecord.class);
    }

    String json() {
        return StateJson.write(this);
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
