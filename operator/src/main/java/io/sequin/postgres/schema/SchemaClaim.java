package io.sequin.postgres.schema;

import io.sequin.data.AccountId;
import io.sequin.data.Instruction;
import io.sequin.data.Owner;
import io.sequin.data.Problem;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.PostgresProblem;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The claim on a synced schema: made, taken over, let go. */
public final class SchemaClaim {
    private final String schema;

    public SchemaClaim(String schema) {
        this.schema = schema;
    }

    private String writer() {
        return Identifier.quote(schema, StateTables.WRITER);
    }

    /**
     * A schema taken.
     *
     * @param account the account whose data it holds; empty where it is new
     * @param canStage temporary tables are allowed in this database
     */
    public record Taken(Fence fence, String storageId, Optional<AccountId> account, boolean canStage) {}

    private record Row(int format, String owner, String storageId) {}

    /**
     * Creates the schema where it is missing, claims it, writes a new token.
     *
     * @throws PostgresException MISSING_GRANTS with the SQL, SCHEMA_CONFLICT, SCHEMA_NOT_OWNED, NEWER_FORMAT, STORAGE_MISSING,
     *     ACCOUNT_CHANGED, and then nothing is written; with the SQLSTATE where another session created the same at the same time: then it must be tried again
     */
    public Taken take(Transaction tx, Owner owner, AccountId account, Consent consent) throws SQLException {
        SchemaFacts facts = SchemaFacts.read(tx, schema);
        if (!facts.exists()) {
            refuseIfMissed(consent);
            facts.requireCreateSchema();
            tx.execute("create schema " + Identifier.quote(schema));
            comment(tx, owner);
            return create(tx, facts, owner, account, true);
        }
        facts.requireUse();
        Optional<Relation> relation = Relation.find(tx, schema, StateTables.WRITER);
        if (relation.isEmpty()) {
            refuseUnlessEmpty(tx, facts, consent);
            refuseIfMissed(consent);
            return create(tx, facts, owner, account, false);
        }
        if (!relation.get().ours()) {
            throw notOurRole(relation.get(), facts);
        }
        return takeOver(tx, facts, owner, account, consent);
    }

    /**
     * Whether the schema is somebody else's, without waiting for a lock.
     *
     * @throws PostgresException SCHEMA_CONFLICT, NEWER_FORMAT, ACCOUNT_CHANGED
     */
    public void refuseOthers(Transaction tx, Owner owner, AccountId account, Consent consent) throws SQLException {
        if (Relation.find(tx, schema, StateTables.WRITER).isEmpty()) {
            return;
        }
        Optional<Row> row = row(tx, "");
        if (row.isPresent()) {
            refuse(tx, row.get(), owner, account, consent);
        }
    }

    private Optional<Row> row(Transaction tx, String lock) throws SQLException {
        return tx.first(
                "select \"format\", \"owner\", \"storage_id\" from " + writer() + lock,
                r -> new Row(r.getInt(1), r.getString(2), r.getString(3)));
    }

    private OwnerRecord refuse(Transaction tx, Row row, Owner owner, AccountId account, Consent consent)
            throws SQLException {
        // an owner as a newer format has it may not be readable
        refuse(Claims.refuseFormat(schema, row.format()));
        OwnerRecord recorded = OwnerRecord.parse(row.owner());
        Optional<Problem> why = Claims.refuse(schema, recorded, owner, account);
        boolean agreed =
                why.filter(p -> p.code() == PostgresProblem.ACCOUNT_CHANGED).isPresent()
                        && consent.toOtherAccount(resyncs(tx, row)).isPresent();
        if (!agreed) {
            refuse(why);
        }
        return recorded;
    }

    /**
     * Records that the owner still works on the schema.
     *
     * @throws PostgresException FENCED_OUT where another writer took it
     */
    public void renew(Transaction tx, Fence fence) throws SQLException {
        stamp(tx, fence, "renewedAt");
    }

    /**
     * Records that the owner let go of the schema.
     *
     * @throws PostgresException FENCED_OUT where another writer took it
     */
    public void release(Transaction tx, Fence fence) throws SQLException {
        stamp(tx, fence, "releasedAt");
    }

    /** @param key of the owner's record, which is to be now */
    private void stamp(Transaction tx, Fence fence, String key) throws SQLException {
        String sql = "update " + writer() + " set \"owner\" = \"owner\" || jsonb_build_object(?::text, ?::text)"
                + " where \"token\" = ?";
        if (tx.update(sql, key, now(), fence.token()) != 1) {
            throw Fence.lost("Another writer took schema " + Identifier.quote(schema));
        }
    }

    /**
     * Records that the owner let go of the schema, without having taken it: changes nothing where another one holds it,
     * the same name under another uid too, or where there is no claim.
     */
    public void release(Transaction tx, Owner owner) throws SQLException {
        if (Relation.find(tx, schema, StateTables.WRITER).isPresent()) {
            tx.update(
                    "update " + writer() + " set \"owner\" = \"owner\" || jsonb_build_object('releasedAt', ?::text)"
                            + " where \"format\" <= ? and \"owner\"->>'cluster' = ? and \"owner\"->>'uid' = ?"
                            + " and \"owner\"->>'releasedAt' is null",
                    now(),
                    StateTables.FORMAT,
                    owner.cluster(),
                    owner.sync().uid());
        }
    }

    private Taken create(Transaction tx, SchemaFacts facts, Owner owner, AccountId account, boolean madeSchema)
            throws SQLException {
        StateTables.create(tx, schema);
        UUID storage = UUID.randomUUID();
        UUID token = UUID.randomUUID();
        tx.update(
                "insert into " + writer()
                        + " (\"format\", \"owner\", \"storage_id\", \"token\") values (?, ?::jsonb, ?, ?)",
                StateTables.FORMAT,
                OwnerRecord.of(owner, account, now(), madeSchema).json(),
                storage,
                token);
        return new Taken(new Fence(schema, token), storage.toString(), Optional.empty(), facts.canStage());
    }

    private ResyncRecord resyncs(Transaction tx, Row row) throws SQLException {
        return StateTables.hasResyncs(row.format()) ? ResyncRecord.read(tx, schema) : ResyncRecord.NONE;
    }

    private Taken takeOver(Transaction tx, SchemaFacts facts, Owner owner, AccountId account, Consent consent)
            throws SQLException {
        Row row = row(tx, " for update").orElseThrow(this::notMarked);
        OwnerRecord recorded = refuse(tx, row, owner, account, consent);
        requireProgress(tx, facts, StateTables.progress(row.format()));
        StateTables.migrate(tx, schema, row.format());
        StateTables.mend(tx, schema);
        LoggedState.mend(tx, schema);
        String storage = row.storageId();
        if (!recorded.account().equals(account.value())) {
            ResyncRecord before = ResyncRecord.read(tx, schema);
            new OtherAccount(schema)
                    .begin(tx, before, consent.toOtherAccount(before).orElseThrow());
            storage = UUID.randomUUID().toString();
        }
        UUID token = UUID.randomUUID();
        tx.update(
                "update " + writer() + " set \"owner\" = ?::jsonb, \"token\" = ?, \"storage_id\" = ?::uuid",
                OwnerRecord.of(owner, account, now(), recorded.madeSchema()).json(),
                token,
                storage);
        return new Taken(new Fence(schema, token), storage, Optional.of(account), facts.canStage());
    }

    private void requireProgress(Transaction tx, SchemaFacts facts, List<String> tables) throws SQLException {
        for (String table : tables) {
            if (Relation.find(tx, schema, table).isEmpty()) {
                throw stateMissing(table, facts);
            }
        }
    }

    private static void refuse(Optional<Problem> refusal) {
        if (refusal.isPresent()) {
            throw new PostgresException(refusal.get(), null, null);
        }
    }

    private void refuseIfMissed(Consent consent) {
        refuse(consent.isMissed() ? Optional.of(Claims.storageGone(schema)) : Optional.empty());
    }

    private void refuseUnlessEmpty(Transaction tx, SchemaFacts facts, Consent consent) throws SQLException {
        boolean used = tx.first("""
                        select exists (select from pg_class c where c.relnamespace = n.oid)
                            or exists (select from pg_proc p where p.pronamespace = n.oid)
                            or exists (select from pg_type y where y.typnamespace = n.oid)
                          from pg_namespace n where n.nspname = ?""", row -> row.getBoolean(1), schema).orElse(false);
        if (used) {
            throw consent.known().storageId().isPresent() ? stateMissing(StateTables.WRITER, facts) : notMarked();
        }
    }

    private PostgresException notMarked() {
        return new PostgresException(
                Problem.of(
                        PostgresProblem.SCHEMA_NOT_OWNED,
                        "Schema " + Identifier.quote(schema)
                                + " is not empty and carries no mark of this operator. Move what is in it to another schema, or"
                                + " delete this Sync and create it with another spec.schema, which can't be changed"),
                null,
                null);
    }

    private PostgresException stateMissing(String table, SchemaFacts facts) {
        Instruction cure = new Instruction(
                "Put schema " + schema + " aside; the old one keeps its rows and the views on them. Then set"
                        + " spec.resync.token to a new value: the schema is made anew and filled again",
                "owner of schema " + schema + " (" + facts.owner() + "), or a superuser",
                "alter schema " + Identifier.quote(schema) + " rename to " + Identifier.quote(schema + "_old") + ";");
        return new PostgresException(
                Problem.of(
                        PostgresProblem.STORAGE_MISSING,
                        "Table " + table + " is gone from schema " + Identifier.quote(schema)
                                + ", and with it how far the sync had come: nothing is written. Rename the schema, or"
                                + " drop it, and set spec.resync.token to a new value, without spec.resync.tables: then it is made anew and filled"
                                + " again",
                        cure),
                null,
                null);
    }

    private PostgresException notOurRole(Relation relation, SchemaFacts facts) {
        return SchemaFacts.missing(
                "The state of schema " + Identifier.quote(schema) + " belongs to role " + relation.owner()
                        + ", whose rights user " + facts.user() + " does not have. If that was the user of this Sync"
                        + " before, hand over what it owns; else choose another schema",
                new Instruction(
                        "Hand what " + relation.owner() + " owns in this database over to " + facts.user(),
                        "a superuser, or a member of both roles",
                        "reassign owned by " + Identifier.quote(relation.owner()) + " to "
                                + Identifier.quote(facts.user()) + ";"));
    }

    /** A hint for people who look around; nothing depends on it. */
    private void comment(Transaction tx, Owner owner) throws SQLException {
        String text =
                "Synced from " + owner.source() + " by sequin: Sync " + owner.sync() + " of cluster " + owner.cluster();
        String literal = tx.first("select quote_literal(?)", row -> row.getString(1), text)
                .orElseThrow();
        tx.execute("comment on schema " + Identifier.quote(schema) + " is " + literal);
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
