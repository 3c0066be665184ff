package io.sequin.postgres.load.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sequin.OnPostgres;
import io.sequin.data.AccountId;
import io.sequin.data.Problem;
import io.sequin.data.ResyncRequest;
import io.sequin.data.StorageMemory;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.load.Claim;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.ResyncState;
import io.sequin.postgres.load.Stripe;
import io.sequin.postgres.schema.Consent;
import java.util.Optional;
import java.util.Set;

/** What a schema is refused until a person has agreed to it by a new token. */
class ConsentIT {
    private static Claim take(Place place) {
        try (DestinationSession session = place.session("s")) {
            return session.take(Place.OWNER, Place.ACCOUNT);
        }
    }

    private static Consent consent(Claim before, String handled, String asked) {
        return new Consent(
                new StorageMemory(Optional.of(before.storageId()), Set.of(handled)),
                Optional.of(new ResyncRequest(asked, Set.of())));
    }

    private static Problem refusal(Place place, AccountId account, Consent consent) {
        try (DestinationSession session = place.session("s")) {
            return catchThrowableOfType(PostgresException.class, () -> session.take(Place.OWNER, account, consent))
                    .problem();
        }
    }

    @OnPostgres(18)
    void aSchemaThatWasThereIsMadeAnewOnlyForANewToken(int major) {
        try (Place place = Place.on(major)) {
            Claim before = take(place);
            place.run("drop schema s cascade");
            Problem gone = refusal(place, Place.ACCOUNT, consent(before, "old", "old"));
            assertThat(gone.code()).isEqualTo(PostgresProblem.STORAGE_MISSING);
            assertThat(gone.message()).contains("spec.resync.token");
            assertThat(place.value("select to_regnamespace('s')")).isEqualTo("null");
            try (DestinationSession session = place.session("s")) {
                Claim anew = session.take(Place.OWNER, Place.ACCOUNT, consent(before, "old", "new"));
                assertThat(anew.storageId()).isNotEqualTo(before.storageId());
                assertThat(anew.lanes()).isEmpty();
            }
        }
    }

    @OnPostgres(18)
    void aClaimThatIsGoneFromASchemaThatWasOursIsToldWithTheStatementThatPutsItAside(int major) {
        try (Place place = Place.on(major)) {
            Claim before = take(place);
            Stripe.live(place, "s", Stripe.charge()).close();
            place.run("drop table s._sync_writer");
            Problem gone = refusal(place, Place.ACCOUNT, consent(before, "old", "new"));
            assertThat(gone.code()).isEqualTo(PostgresProblem.STORAGE_MISSING);
            assertThat(gone.message()).contains("_sync_writer", "spec.resync.token");
            place.run(gone.cure().getFirst().sql());
            try (DestinationSession session = place.session("s")) {
                session.take(Place.OWNER, Place.ACCOUNT, consent(before, "old", "new"));
            }
            assertThat(place.value("select count(*) from s_old.charge")).isEqualTo("0");
        }
    }

    @OnPostgres(18)
    void anotherAccountTakesASchemaOverForANewTokenAndNoCursorOfTheFormerOneStays(int major) {
        AccountId other = new AccountId("acct_2");
        try (Place place = Place.on(major)) {
            Claim before = take(place);
            try (DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
                session.commit(Stripe.batch(1, Stripe.charges(0, 3, 5)));
            }
            place.run("update s._sync_writer set resync = '{\"handled\": \"old\", \"tables\": [], \"left\": []}'");
            String all = place.value("select w::text from s._sync_writer w");
            Problem refused = refusal(place, other, consent(before, "old", "old"));
            assertThat(refused.code()).isEqualTo(PostgresProblem.ACCOUNT_CHANGED);
            assertThat(refused.message()).contains("acct_1", "acct_2", "spec.resync.token");
            assertThat(place.value("select w::text from s._sync_writer w")).isEqualTo(all);

            try (DestinationSession session = place.session("s")) {
                Claim taken = session.take(Place.OWNER, other, consent(before, "old", "new"));
                assertThat(taken.lanes()).isEmpty();
                assertThat(taken.storageId()).isNotEqualTo(before.storageId());
                assertThat(place.value("select count(*) from s.charge"))
                        .as("rows stay until they are known to be gone")
                        .isEqualTo("3");
                ResyncState state =
                        session.passes().request(Optional.of(new ResyncRequest("new", Set.of())), Set.of("charge"));
                assertThat(state.left()).containsExactly("charge");
                assertThat(state.foreign()).containsOnlyKeys("charge");
                assertThat(place.value("select phase from s._sync_table"))
                        .as("whatever becomes of the request, it is filled")
                        .isEqualTo("FIRST_PASS");
            }
            assertThat(refusal(place, Place.ACCOUNT, consent(before, "old", "new"))
                            .code())
                    .as("the token has been used")
                    .isEqualTo(PostgresProblem.ACCOUNT_CHANGED);
        }
    }
}
