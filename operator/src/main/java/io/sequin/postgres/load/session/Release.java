package io.sequin.postgres.load.session;

import io.sequin.data.Owner;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.schema.Effect;
import io.sequin.postgres.schema.Fence;
import io.sequin.postgres.schema.SchemaClaim;
import io.sequin.postgres.schema.Transactions;
import org.jspecify.annotations.Nullable;

/** Lets go of a schema. */
record Release(Transactions transactions, SchemaClaim claim) {
    /**
     * Tries a second time where the connection is lost: one that was idle may have died unseen, and nobody comes back
     * later to try again.
     *
     * @param mine null: the schema was not taken
     */
    void run(Owner owner, @Nullable Fence mine) {
        try {
            once(owner, mine);
        } catch (PostgresException e) {
            if (e.problem().code() != PostgresProblem.CONNECTION_LOST) {
                throw e;
            }
            once(owner, mine);
        }
    }

    private void once(Owner owner, @Nullable Fence mine) {
        transactions.commit(Effect.RELEASE, tx -> {
            if (mine == null) {
                claim.release(tx, owner);
            } else {
                claim.release(tx, mine);
            }
            return true;
        });
    }
}
