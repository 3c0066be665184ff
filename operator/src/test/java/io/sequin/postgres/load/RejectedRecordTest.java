package io.sequin.postgres.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Change;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What a user is told of a record that the server refused. */
class RejectedRecordTest {
    private static final List<Change.Upsert> COPIED =
            IntStream.range(0, 20).mapToObj(i -> Stripe.charge("ch_" + i, i)).toList();

    private static PSQLException error(String where) {
        return new PSQLException(
                new ServerErrorMessage("SERROR\0C22P05\0Msecret content\0DToken secret\0W" + where + "\0\0"), false);
    }

    @Test
    void theContextsLineNamesTheKey() {
        assertThat(RejectedRecord.of(
                        "charge", "charge", COPIED, error("COPY charge, line 3, column metadata: \"secret 9\"")))
                .hasMessageContaining("record ch_2 of table \"charge\"");
    }

    @Test
    void theServersLanguageDoesNotMatter() {
        assertThat(RejectedRecord.of("charge", "charge", COPIED, error("COPY charge, Zeile 4, Spalte amount")))
                .hasMessageContaining("record ch_3 ");
    }

    @Test
    void aTablesNameIsNotTakenForALine() {
        assertThat(RejectedRecord.of("x, line 7", "x, line 7", COPIED, error("COPY x, line 7, line 5")))
                .hasMessageContaining("record ch_4 ");
    }

    @Test
    void contentThatLooksLikeAContextIsNotTakenForOne() {
        assertThat(RejectedRecord.of(
                        "charge",
                        "charge",
                        COPIED,
                        error("JSON data, line 1: {\"a\": COPY charge, line 9\nCOPY charge, line 2, column metadata")))
                .hasMessageContaining("record ch_1 ");
    }

    @Test
    void nothingOfTheContentIsHandedOn() {
        assertThat(RejectedRecord.of(
                        "charge", "charge", COPIED, error("COPY charge, line 3, column metadata: \"secret\"")))
                .hasNoCause()
                .message()
                .doesNotContain("secret");
    }

    @Test
    void withoutALineTheTableIsNamed() {
        assertThat(RejectedRecord.of("charge", "charge", COPIED, error("")))
                .hasMessageContaining("can't take a record of table \"charge\"");
    }
}
