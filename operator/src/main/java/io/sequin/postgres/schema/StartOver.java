package io.sequin.postgres.schema;

import io.sequin.data.Instruction;
import io.sequin.data.TablePhase;
import io.sequin.postgres.Identifier;

/** How a person makes a synced schema be filled again from the start, in place. */
public final class StartOver {
    private StartOver() {}

    /**
     * The statement that forgets how far everything has come. Rows stay; the next opening of the schema takes it for a
     * new start. Safe while a Sync is at work: its commits find their place gone, and it opens the schema again. Valid
     * on Postgres 10 to 18.
     */
    public static Instruction instruction(String schema) {
        return new Instruction(
                "Let all tables of schema " + schema + " be read again from the start; rows stay, unchanged ones are"
                        + " not written again. Then set spec.suspend to true and back to false",
                "the user of the Destination's credentials, or a superuser",
                "with forgotten as (delete from " + Identifier.quote(schema, StateTables.STATE) + ") update "
                        + Identifier.quote(schema, StateTables.TABLE) + " set \"phase\" = '"
                        + TablePhase.FIRST_PASS.name() + "';");
    }
}
