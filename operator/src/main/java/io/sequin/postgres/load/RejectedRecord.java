package io.sequin.postgres.load;

import io.sequin.data.Change;
import io.sequin.data.Problem;
import io.sequin.data.RowKey;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.TableException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Says which record Postgres refused, and why. Never hands on the server's message or its context: they quote the
 * content.
 */
final class RejectedRecord {
    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final int MAX_KEY = 100;

    private RejectedRecord() {}

    /** Whether this is about a value (class 22) or its size (class 54). */
    static boolean isAboutValues(SQLException e) {
        String state = e.getSQLState();
        return state != null && (state.startsWith("22") || state.startsWith("54"));
    }

    /** A record that we know Postgres can't take. */
    static TableException of(String table, UnfitRecord unfit) {
        return of(table, unfit.key(), String.valueOf(unfit.getMessage()), null);
    }

    /** A record that the server refused while it was copied into {@code relation}. */
    static TableException of(String table, String relation, List<Change.Upsert> copied, SQLException e) {
        return of(
                table,
                line(e, relation)
                        .filter(line -> line <= copied.size())
                        .map(line -> copied.get(line - 1).key())
                        .orElse(null),
                reason(e),
                e.getSQLState());
    }

    /** A record that the server refused without saying which. */
    static TableException of(String table, SQLException e) {
        return of(table, null, reason(e), e.getSQLState());
    }

    private static TableException of(String table, @Nullable RowKey key, String reason, @Nullable String state) {
        String text = "Postgres can't take " + (key == null ? "a record" : "record " + readable(key)) + " of table "
                + Identifier.quote(table) + ": " + reason;
        // without its cause, which would carry the server's words into logs
        return new TableException(table, Problem.of(PostgresProblem.RECORD_REJECTED, text), state, null);
    }

    private static String readable(RowKey key) {
        String text = String.join(", ", key.parts()).replaceAll("[^\\x20-\\x7e]", "?");
        return text.length() <= MAX_KEY ? text : text.substring(0, MAX_KEY) + "…";
    }

    /** The context says "COPY relation, line N, …" in the server's language; the relation's name may hold digits. */
    private static Optional<Integer> line(SQLException e, String relation) {
        String where = Optional.ofNullable(message(e))
                .map(ServerErrorMessage::getWhere)
                .orElse("");
        int at = where.lastIndexOf("COPY " + relation + ",");
        if (at < 0) {
            return Optional.empty();
        }
        Matcher number = NUMBER.matcher(where);
        return number.find(at + "COPY ".length() + relation.length())
                ? Optional.of(Integer.parseInt(number.group()))
                : Optional.empty();
    }

    private static String reason(SQLException e) {
        return switch (String.valueOf(e.getSQLState())) {
            case "22021", "22P05" -> "it holds a character that the database can't store";
            case "22003" -> "it holds a number out of range";
            case "22007", "22008" -> "it holds a time out of range";
            case "54000", "54001" -> "a value is too large or too deeply nested";
            default -> "a value does not fit its column (SQLSTATE " + e.getSQLState() + ")";
        };
    }

    private static @Nullable ServerErrorMessage message(SQLException e) {
        return e instanceof PSQLException server ? server.getServerErrorMessage() : null;
    }
}
