package io.sequin.postgres.schema;

import io.sequin.data.ResyncRequest;
import io.sequin.postgres.Identifier;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The request to sync again as {@code _sync_writer.resync} has it.
 *
 * @param handled token of the last request that was carried out, or that was there when the schema was made; null: none
 * @param token of the request under way; null: none is
 * @param tables what that request asked for; empty: all
 * @param left of them, those that are still to be done
 * @param foreign tables that may hold rows of an account that is not synced any more
 * @param ownSince rows of those that were last written before this time, ISO 8601, may be the other account's: what a
 *     re-sync does not meet of them goes, also outside of what is listed; null: there are none
 */
public record ResyncRecord(
        @Nullable String handled,
        @Nullable String token,
        Set<String> tables,
        Set<String> left,
        Set<String> foreign,
        @Nullable String ownSince) {
    /** Nothing was ever asked for. */
    public static final ResyncRecord NONE = new ResyncRecord(null, null, Set.of(), Set.of(), Set.of(), null);

    public ResyncRecord {
        tables = Collections.unmodifiableSet(new TreeSet<>(tables));
        left = Collections.unmodifiableSet(new TreeSet<>(left));
        // absent from what earlier versions wrote
        foreign = foreign == null ? Set.of() : Collections.unmodifiableSet(new TreeSet<>(foreign));
    }

    /** Whether the request under way is this one. */
    public boolean isUnderWay(ResyncRequest request) {
        return request.token().equals(token) && request.tables().equals(tables);
    }

    /** The same with another request under way. */
    public ResyncRecord doing(ResyncRequest request, Set<String> remaining) {
        return remaining.isEmpty()
                ? done(request.token())
                : new ResyncRecord(handled, request.token(), request.tables(), remaining, foreign, ownSince);
    }

    /** Nothing is under way, and this was the last. */
    public ResyncRecord done(@Nullable String lastHandled) {
        return new ResyncRecord(lastHandled, null, Set.of(), Set.of(), foreign, ownSince);
    }

    /** The same where these tables may hold rows of another account, last written before this time. */
    ResyncRecord ofOther(Set<String> some, Instant before) {
        return new ResyncRecord(handled, token, tables, left, some, before.toString());
    }

    private ResyncRecord stillOfOther(Set<String> some) {
        return new ResyncRecord(handled, token, tables, left, some, some.isEmpty() ? null : ownSince);
    }

    /** By table that may hold rows of another account: those last written before this time. */
    public Map<String, Instant> writtenBefore() {
        return ownSince == null
                ? Map.of()
                : foreign.stream().collect(Collectors.toMap(table -> table, table -> Instant.parse(ownSince)));
    }

    /** These tables are done. */
    public ResyncRecord without(Set<String> finished) {
        Set<String> still = new TreeSet<>(foreign);
        still.removeAll(finished);
        if (token == null) {
            return stillOfOther(still);
        }
        Set<String> remaining = new TreeSet<>(left);
        remaining.removeAll(finished);
        return stillOfOther(still).doing(new ResyncRequest(token, tables), remaining);
    }

    /** As it is in the schema, locked until the transaction ends. */
    public static ResyncRecord lock(Transaction tx, String schema) throws SQLException {
        return read(tx, schema, " for update");
    }

    /** As it is in the schema now. */
    public static ResyncRecord read(Transaction tx, String schema) throws SQLException {
        return read(tx, schema, "");
    }

    private static ResyncRecord read(Transaction tx, String schema, String lock) throws SQLException {
        Optional<Optional<String>> row = tx.first(
                "select \"resync\" from " + Identifier.quote(schema, StateTables.WRITER) + lock,
                r -> Optional.ofNullable(r.getString(1)));
        return row.flatMap(json -> json).map(ResyncRecord::parse).orElse(NONE);
    }

    /** Writes it; the caller checks the fence. */
    public void write(Transaction tx, String schema) throws SQLException {
        tx.update(
                "update " + Identifier.quote(schema, StateTables.WRITER) + " set \"resync\" = ?::jsonb",
                StateJson.write(this));
    }

    private static ResyncRecord parse(String json) {
        return StateJson.read(json, ResyncRecord.class);
    }
}
