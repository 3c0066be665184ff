package io.sequin.postgres.load.row;

import io.sequin.data.RecordSize;
import io.sequin.postgres.SqlState;
import java.sql.SQLException;

/** Why Postgres can't take a record as it is. The words hold none of its content. */
public enum Unfit {
    /** Its key fits no row, so not even a record of the refusal can be kept. */
    KEY(
            "KeyUnusable",
            "its key holds a character that Postgres can't store, does not fit the key's type, or is longer than "
                    + KeyLength.MOST + " bytes"),
    NOT_JSON("NotJson", "it is not a JSON object"),
    LIMITS(
            "BeyondLimits",
            "it is nested deeper than " + JsonRow.MAX_DEPTH + " levels, a number has more than " + JsonRow.MAX_DIGITS
                    + " digits, or the exponents of its numbers stand for more than " + JsonRow.MAX_ZEROS + " zeros"),
    NUMBER("NumberOutOfRange", "it holds a number that is out of range for numeric"),
    CHARACTER("CharacterNotStorable", "it holds a character that the encoding of the database can't store"),
    SIZE("TooLarge", "a value is too large or too deeply nested"),
    VALUE("ValueRefused", "a value does not fit its column"),
    /** Not even its bytes are kept. */
    MEMORY(
            "BeyondMemory",
            "it is larger than " + RecordSize.inWords(RecordSize.MOST)
                    + ", the most that the operator's memory carries: raise its memory limit");

    private final String reason;
    private final String words;

    Unfit(String reason, String words) {
        this.reason = reason;
        this.words = words;
    }

    /** One word, for {@code _sync_error.reason}. */
    public String reason() {
        return reason;
    }

    /** What follows "because". */
    public String words() {
        return words;
    }

    /** Whether this is about a value (class 22) or its size (class 54). */
    public static boolean isAboutValues(SQLException e) {
        String state = e.getSQLState();
        return state != null && (state.startsWith("22") || state.startsWith("54"));
    }

    /** What the server means (manual, appendix A); its own words would quote the content. */
    public static Unfit of(SQLException e) {
        return switch (String.valueOf(e.getSQLState())) {
            case SqlState.CHARACTER_NOT_IN_REPERTOIRE, SqlState.UNTRANSLATABLE_CHARACTER -> CHARACTER;
            case SqlState.NUMERIC_VALUE_OUT_OF_RANGE -> NUMBER;
            case SqlState.PROGRAM_LIMIT_EXCEEDED, SqlState.STATEMENT_TOO_COMPLEX -> SIZE;
            default -> VALUE;
        };
    }
}
