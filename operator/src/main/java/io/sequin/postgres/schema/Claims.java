package io.sequin.postgres.schema;

import io.sequin.data.AccountId;
import io.sequin.data.Owner;
import io.sequin.data.Problem;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.PostgresProblem;
import java.util.Optional;

/** Decides who may take a schema that carries a claim. Pure. */
final class Claims {
    private Claims() {}

    /** Why the state can't be read; empty where it can. */
    static Optional<Problem> refuseFormat(String schema, int format) {
        if (format > StateTables.FORMAT) {
            return Optional.of(Problem.of(
                    PostgresProblem.NEWER_FORMAT,
                    "Schema " + Identifier.quote(schema) + " was written by a newer version of this operator (format "
                            + format + ", this one knows " + StateTables.FORMAT + "); upgrade the operator"));
        }
        return Optional.empty();
    }

    /** Why the schema can't be taken; empty where it can. */
    static Optional<Problem> refuse(String schema, OwnerRecord recorded, Owner owner, AccountId account) {
        boolean sameSource = recorded.source().equals(owner.source());
        boolean sameAccount = recorded.account().equals(account.value());
        if (recorded.isSameSync(owner)) {
            if (!sameSource) {
                return Optional.of(conflict(schema, recorded, "it held another source"));
            }
            return sameAccount ? Optional.empty() : Optional.of(accountChanged(schema, recorded, account));
        }
        if (recorded.releasedAt() == null) {
            return Optional.of(conflict(schema, recorded, "it is in use"));
        }
        return sameSource && sameAccount
                ? Optional.empty()
                : Optional.of(conflict(schema, recorded, "it was let go, but holds another account's data"));
    }

    private static Problem accountChanged(String schema, OwnerRecord recorded, AccountId account) {
        return Problem.of(
                PostgresProblem.ACCOUNT_CHANGED,
                "The key belongs to account " + account.value() + ", the data in schema " + Identifier.quote(schema)
                        + " to account " + recorded.account() + ": nothing is written. Use a key of "
                        + recorded.account() + ", or another Sync with a schema of its own for " + account.value()
                        + ", or let these tables be filled from " + account.value()
                        + " instead: set spec.resync.token to a new value, without spec.resync.tables. What only "
                        + recorded.account()
                        + " has is deleted at the end, within spec.deleteGuard");
    }

    /** The schema, or all that was in it, is gone, and nobody said that this was meant. */
    static Problem storageGone(String schema) {
        return Problem.of(
                PostgresProblem.STORAGE_MISSING,
                "Schema " + Identifier.quote(schema) + ", or all that was in it, is gone from the database: nothing is"
                        + " written. Restore it from a backup, or set spec.resync.token to a new value, without spec.resync.tables: then it is made"
                        + " anew and filled from the start");
    }

    private static Problem conflict(String schema, OwnerRecord recorded, String why) {
        return Problem.of(
                PostgresProblem.SCHEMA_CONFLICT,
                "Schema " + Identifier.quote(schema) + " belongs to " + recorded.describe() + " (source "
                        + recorded.source() + ", account " + recorded.account() + "): " + why
                        + ". Delete this Sync and create it with another spec.schema, which can't be changed; or, if"
                        + " Sync " + recorded.namespace() + "/" + recorded.name()
                        + " is gone, create that one again, which takes it back");
    }
}
