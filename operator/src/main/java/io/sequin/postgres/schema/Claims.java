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

    /** Why the schema can't be taken; empty where it can. */
    static Optional<Problem> refuse(String schema, int format, OwnerRecord recorded, Owner owner, AccountId account) {
        if (format > StateTables.FORMAT) {
            return Optional.of(Problem.of(
                    PostgresProblem.NEWER_FORMAT,
                    "Schema " + Identifier.quote(schema) + " was written by a newer version of this operator (format "
                            + format + ", this one knows " + StateTables.FORMAT + "); upgrade the operator"));
        }
        boolean sameSource = recorded.source().equals(owner.source());
        if (recorded.isSameSync(owner)) {
            return sameSource ? Optional.empty() : Optional.of(conflict(schema, recorded, "it held another source"));
        }
        if (recorded.releasedAt() == null) {
            return Optional.of(conflict(schema, recorded, "it is in use"));
        }
        return sameSource && recorded.account().equals(account.value())
                ? Optional.empty()
                : Optional.of(conflict(schema, recorded, "it was let go, but holds another account's data"));
    }

    private static Problem conflict(String schema, OwnerRecord recorded, String why) {
        return Problem.of(
                PostgresProblem.SCHEMA_CONFLICT,
                "Schema " + Identifier.quote(schema) + " belongs to " + recorded.describe() + " (source "
                        + recorded.source() + ", account " + recorded.account() + "): " + why
                        + "; choose another schema");
    }
}
