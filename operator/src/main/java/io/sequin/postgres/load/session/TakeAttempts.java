package io.sequin.postgres.load.session;

import io.sequin.data.AccountId;
import io.sequin.data.Owner;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.SqlState;
import io.sequin.postgres.load.Claim;
import io.sequin.postgres.schema.Consent;
import io.sequin.postgres.schema.Leftovers;
import io.sequin.postgres.schema.SchemaClaim;
import io.sequin.postgres.schema.Transactions;
import java.util.Set;
import java.util.function.Supplier;

/** Takes a schema, again where others are in the way for a moment. */
final class TakeAttempts {
    /** What two sessions get that create the same at the same time: unique names, or an object being changed. */
    private static final Set<String> RACE = Set.of(
            SqlState.UNIQUE_VIOLATION,
            SqlState.DUPLICATE_SCHEMA,
            SqlState.DUPLICATE_TABLE,
            SqlState.DUPLICATE_OBJECT,
            SqlState.INTERNAL_ERROR);

    private static final int MOST = 5;

    private final Transactions transactions;
    private final SchemaClaim claim;
    private final Leftovers leftovers;

    TakeAttempts(Transactions transactions, SchemaClaim claim, Leftovers leftovers) {
        this.transactions = transactions;
        this.claim = claim;
        this.leftovers = leftovers;
    }

    /** @throws PostgresException the last try's */
    Claim take(Owner owner, AccountId account, Consent consent, Supplier<Claim> once) {
        for (int attempt = 1; ; attempt++) {
            try {
                return once.get();
            } catch (PostgresException e) {
                boolean race = e.sqlState().map(RACE::contains).orElse(false);
                if (attempt == MOST || !(race || isOutOfTheWay(e, owner, account, consent))) {
                    throw e;
                }
            }
        }
    }

    /** Who holds a lock is ended for one who may take the schema alone. */
    private boolean isOutOfTheWay(PostgresException failure, Owner owner, AccountId account, Consent consent) {
        if (!Leftovers.isLocked(failure)) {
            return false;
        }
        transactions.rollback(tx -> {
            claim.refuseOthers(tx, owner, account, consent);
            return true;
        });
        return leftovers.endInTheWayOfTake();
    }
}
