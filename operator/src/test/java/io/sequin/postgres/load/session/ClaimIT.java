package io.sequin.postgres.load.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sequin.OnPostgres;
import io.sequin.data.AccountId;
import io.sequin.data.Owner;
import io.sequin.data.Problem;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.load.Claim;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import io.sequin.postgres.schema.StateTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Taking a schema: who may, and what is told to those who may not. */
class ClaimIT {
    private static Claim take(Place place, String schema, Owner owner) {
        try (DestinationSession session = place.session(schema)) {
            return session.take(owner, Place.ACCOUNT);
        }
    }

    private static Problem refusal(Place place, String schema, Owner owner) {
        return catchThrowableOfType(PostgresException.class, () -> take(place, schema, owner))
                .problem();
    }

    @OnPostgres({10, 15, 18})
    void aMissingSchemaIsCreatedAndMarked(int major) {
        try (Place place = Place.on(major)) {
            Claim claim = take(place, "s", Place.OWNER);
            assertThat(claim.account()).isEmpty();
            assertThat(claim.lanes()).isEmpty();
            assertThat(claim.tables()).isEmpty();
            assertThat(place.rows("select format, storage_id, next_event, owner->>'cluster', owner->>'namespace',"
                            + " owner->>'name', owner->>'uid', owner->>'source', owner->>'account',"
                            + " owner->>'renewedAt' is not null, owner->>'releasedAt' from s._sync_writer"))
                    .containsExactly("3|" + claim.storageId() + "|1|cluster-a|team|stripe|uid-1|stripe|acct_1|t|null");
            assertThat(place.value("select obj_description('s'::regnamespace)")).contains("team/stripe", "cluster-a");
        }
    }

    @OnPostgres({10, 15, 18})
    void theSameSyncCreatedAnewFindsItsCheckpointsAndTables(int major) {
        try (Place place = Place.on(major)) {
            Claim first = take(place, "s", Place.OWNER);
            try (DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
                session.commit(Stripe.batch(1, Stripe.charges(0, 3, 5)));
            }
            Claim again = take(place, "s", Place.owner("cluster-a", "team", "stripe", "uid-2"));
            assertThat(again.storageId()).isEqualTo(first.storageId());
            assertThat(again.account()).contains(Place.ACCOUNT);
            assertThat(again.lanes()).containsEntry(Stripe.LANE, new LaneState(2, Stripe.checkpoint(2)));
            assertThat(again.tables()).containsOnlyKeys("charge");
            assertThat(place.value("select owner->>'uid' from s._sync_writer")).isEqualTo("uid-2");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anotherAccountOfTheSameSyncIsRefusedAndTheClaimStaysByteForByte(boolean released) {
        try (Place place = Place.on(18);
                DestinationSession first = place.taken("s");
                DestinationSession session = place.session("s")) {
            if (released) {
                first.release(Place.OWNER);
            }
            String whole = "select w.xmin::text, w::text from s._sync_writer w";
            List<String> before = place.rows(whole);
            Owner again = Place.owner("cluster-a", "team", "stripe", "uid-2");
            Problem refusal = catchThrowableOfType(
                            PostgresException.class, () -> session.take(again, new AccountId("acct_2")))
                    .problem();
            assertThat(refusal.code()).isEqualTo(PostgresProblem.ACCOUNT_CHANGED);
            assertThat(refusal.message()).contains("acct_1", "acct_2");
            assertThat(place.rows(whole)).isEqualTo(before);
        }
    }

    @OnPostgres(18)
    void anotherOwnersSchemaIsRefusedUntilItIsReleased(int major) {
        Owner other = Place.owner("cluster-b", "team", "stripe", "uid-9");
        try (Place place = Place.on(major);
                DestinationSession session = place.taken("s")) {
            Problem refusal = refusal(place, "s", other);
            assertThat(refusal.code()).isEqualTo(PostgresProblem.SCHEMA_CONFLICT);
            assertThat(refusal.message()).contains("Sync team/stripe of cluster cluster-a");
            session.release(Place.OWNER);
            assertThat(take(place, "s", other).account()).contains(Place.ACCOUNT);
            assertThat(refusal(place, "s", Place.OWNER).code()).isEqualTo(PostgresProblem.SCHEMA_CONFLICT);
        }
    }

    @OnPostgres(18)
    void aSchemaIsReleasedWithoutBeingTakenByItsVeryOwnerOnly(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = place.session("s")) {
            session.release(Place.OWNER);
            assertThat(place.value("select to_regnamespace('s')")).isEqualTo("null");
            take(place, "s", Place.OWNER);
            session.release(Place.owner("cluster-a", "team", "stripe", "uid-0"));
            session.release(Place.owner("cluster-b", "team", "stripe", "uid-1"));
            assertThat(place.value("select owner->>'releasedAt' from s._sync_writer"))
                    .isEqualTo("null");
            session.release(Place.OWNER);
            assertThat(place.value("select owner->>'releasedAt' is null from s._sync_writer"))
                    .isEqualTo("f");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"_sync_state", "_sync_table", "_sync_dirty"})
    void aDroppedStateTableIsToldWithTheSqlThatLetsAllBeFilledAgain(String dropped) {
        try (Place place = Place.on(18)) {
            Claim first = take(place, "s", Place.OWNER);
            try (DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
                session.commit(Stripe.batch(1, Stripe.charges(0, 3, 5)));
            }
            place.run("drop table s." + dropped);
            Problem refusal = refusal(place, "s", Place.OWNER);
            assertThat(refusal.code()).isEqualTo(PostgresProblem.STORAGE_MISSING);
            assertThat(refusal.message()).contains(dropped);
            place.run(refusal.cure().getFirst().sql());
            assertThat(take(place, "s", Place.OWNER).storageId()).isNotEqualTo(first.storageId());
            assertThat(place.value("select count(*) from s_old.charge")).isEqualTo("3");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"create table s.x ()", "create view s.x as select 1", "create type s.x as enum ('a')"})
    void aSchemaInUseByOthersIsRefusedAndUntouched(String content) {
        try (Place place = Place.on(18)) {
            place.run("create schema s");
            place.run(content);
            place.run("grant usage, create on schema s to " + Identifier.quote(place.user()));
            assertThat(refusal(place, "s", Place.OWNER).code()).isEqualTo(PostgresProblem.SCHEMA_NOT_OWNED);
            assertThat(place.value("select to_regclass('s._sync_writer')")).isEqualTo("null");
        }
    }

    @OnPostgres({10, 14, 15, 18})
    void aNewerFormatIsRefused(int major) {
        try (Place place = Place.on(major)) {
            take(place, "s", Place.OWNER);
            place.run(
                    "update s._sync_writer set format = format + 1, owner = '{\"cluster\": {\"of\": \"the future\"}}'");
            assertThat(refusal(place, "s", Place.OWNER).code()).isEqualTo(PostgresProblem.NEWER_FORMAT);
        }
    }

    @OnPostgres({10, 15, 18})
    void theSqlForAMissingGrantOnTheDatabaseCures(int major) {
        try (Place place = Place.withoutGrants(major)) {
            Problem refusal = refusal(place, "s", Place.OWNER);
            assertThat(refusal.code()).isEqualTo(PostgresProblem.MISSING_GRANTS);
            assertThat(refusal.cure()).singleElement().satisfies(cure -> {
                assertThat(cure.sql()).isEqualTo(place.grantCreate());
                assertThat(cure.runAs()).contains("owner of database", place.database());
            });
            place.run(refusal.cure().getFirst().sql());
            assertThat(take(place, "s", Place.OWNER).account()).isEmpty();
        }
    }

    @OnPostgres({10, 15, 18})
    void theSqlForAMissingGrantOnASchemaCuresAndCreateOnTheDatabaseIsNotNeeded(int major) {
        String schema = "Über \"schema\"";
        try (Place place = Place.withoutGrants(major)) {
            place.run("create schema " + Identifier.quote(schema));
            Problem refusal = refusal(place, schema, Place.OWNER);
            assertThat(refusal.code()).isEqualTo(PostgresProblem.MISSING_GRANTS);
            assertThat(refusal.cure().getFirst().runAs()).contains("postgres");
            place.run(refusal.cure().getFirst().sql());
            try (DestinationSession session = Stripe.live(place, schema, Stripe.charge())) {
                assertThat(session.commit(Stripe.batch(1, Stripe.charges(0, 2_000, 1)))
                                .changed())
                        .isEqualTo(2_000);
                place.run("revoke create on schema " + Identifier.quote(schema) + " from "
                        + Identifier.quote(place.user()));
                Problem later = catchThrowableOfType(
                                PostgresException.class, () -> session.ensure(Stripe.charge("refund"), Set.of()))
                        .problem();
                assertThat(later.code()).isEqualTo(PostgresProblem.MISSING_GRANTS);
                place.run(later.cure().getFirst().sql());
                session.ensure(Stripe.charge("refund"), Set.of());
            }
        }
    }

    @OnPostgres({10, 15, 18})
    void whoeverCreatesAtTheSameTimeOneSchemaComesOut(int major) throws Exception {
        int takers = 4;
        try (Place place = Place.on(major)) {
            CyclicBarrier together = new CyclicBarrier(takers);
            List<CompletableFuture<String>> storages = new ArrayList<>();
            for (int i = 0; i < takers; i++) {
                storages.add(CompletableFuture.supplyAsync(
                        () -> {
                            await(together);
                            return take(place, "s", Place.OWNER).storageId();
                        },
                        Thread::startVirtualThread));
            }
            for (CompletableFuture<String> storage : storages) {
                assertThat(storage.get(60, TimeUnit.SECONDS))
                        .isEqualTo(place.value("select storage_id from s._sync_writer"));
            }
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    @OnPostgres({10, 15, 18})
    void defaultPrivilegesDoNotOpenTheStateTables(int major) {
        try (Place place = Place.on(major)) {
            String reader = "reader of " + place.user();
            place.run("create role " + Identifier.quote(reader));
            place.run("alter default privileges for role " + Identifier.quote(place.user())
                    + " grant select on tables to public, " + Identifier.quote(reader));
            try (DestinationSession session = place.taken("s")) {
                session.ensure(Stripe.charge(), Set.of());
                for (String table : StateTables.ALL) {
                    assertThat(place.value("select has_table_privilege('" + reader + "', 's." + table + "', 'SELECT')"))
                            .as(table)
                            .isEqualTo("f");
                }
                assertThat(place.value("select has_table_privilege('" + reader + "', 's.charge', 'SELECT')"))
                        .isEqualTo("t");
            } finally {
                place.run("drop owned by " + Identifier.quote(place.user()) + "; drop owned by "
                        + Identifier.quote(reader) + "; drop role " + Identifier.quote(reader));
            }
        }
    }

    @OnPostgres(18)
    void stateOfAnotherRoleIsRefusedWithTheSqlThatHandsItOver(int major) {
        try (Place place = Place.on(major);
                Place renamed = Place.sameDatabase(place)) {
            take(place, "s", Place.OWNER);
            place.run("grant usage, create on schema s to " + Identifier.quote(renamed.user()));
            Problem refusal = refusal(renamed, "s", Place.OWNER);
            assertThat(refusal.code()).isEqualTo(PostgresProblem.MISSING_GRANTS);
            place.run(refusal.cure().getFirst().sql());
            assertThat(take(renamed, "s", Place.OWNER).account()).contains(Place.ACCOUNT);
        }
    }

    @OnPostgres(18)
    void aSchemaEmptiedByItsOwnerIsMissingStorageOrNewNeverForeign(int major) {
        try (Place place = Place.on(major)) {
            Claim first = take(place, "s", Place.OWNER);
            place.run("drop table s._sync_state");
            assertThat(refusal(place, "s", Place.OWNER).code()).isEqualTo(PostgresProblem.STORAGE_MISSING);
            place.run("drop table s._sync_writer, s._sync_table, s._sync_error, s._sync_dirty, s._sync_seen");
            assertThat(take(place, "s", Place.OWNER).storageId()).isNotEqualTo(first.storageId());
        }
    }
}
