package io.sequin.postgres.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class StateTablesTest {
    /** What makes the layout of this number; with another layout comes another number. */
    private static final String LAYOUT = "3 of f56e40ab96f05b60";

    @Test
    void aLayoutKeepsItsNumber() throws Exception {
        byte[] statements = String.join("\n", StateTables.definitions("s")).getBytes(StandardCharsets.UTF_8);
        String digest = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(statements))
                .substring(0, 16);
        assertThat(StateTables.FORMAT + " of " + digest)
                .as("Schemas of this format exist, and no longer have what this version relies on: raise"
                        + " StateTables.FORMAT, bring the earlier one to it in migrate, show that in FormatIT or"
                        + " SecondFormatIT, and write down the new layout here")
                .isEqualTo(LAYOUT);
    }
}
