package io.sequin.postgres.load.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.OnPostgres;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users and DBAs do around our tables: tables that inherit from them, collations, settings of the role. */
class OthersIT {
    private static String amounts(Place place, String table) {
        return place.value("select coalesce(string_agg(id || ' ' || amount, ', ' order by id), '') from only " + table);
    }

    private static void inherit(Place place) {
        place.run("create table public.archive (why text) inherits (s.charge);"
                + " insert into public.archive (id, amount) values ('ch_1', 10), ('ch_old', 20)");
    }

    /** They are not ours, and what they hold is not in our table. */
    @OnPostgres({10, 15, 18})
    void rowsOfATableThatInheritsFromOursStayAsTheyAreAndStandForNoneOfOurs(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            inherit(place);

            session.commit(Stripe.batch(1, List.of(Stripe.charge("ch_1", 1), Stripe.charge("ch_2", 2))));
            assertThat(amounts(place, "s.charge")).isEqualTo("ch_1 1, ch_2 2");
            session.commit(Stripe.batch(2, List.of(Stripe.delete("ch_old"), Stripe.charge("ch_1", 3))));

            assertThat(amounts(place, "s.charge")).isEqualTo("ch_1 3, ch_2 2");
            assertThat(amounts(place, "public.archive")).isEqualTo("ch_1 10, ch_old 20");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 18})
    void aChangeThatAColumnsCollationTakesForNoneIsWritten(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            place.run("create collation public.ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);"
                    + " alter table s.charge alter column customer_id type text collate public.ci");
            session.commit(Stripe.batch(
                    1, List.of(Stripe.upsert("charge", "ch_1", "{\"id\":\"ch_1\",\"customer\":\"Cus\"}"))));

            session.commit(Stripe.batch(
                    2, List.of(Stripe.upsert("charge", "ch_1", "{\"id\":\"ch_1\",\"customer\":\"cus\"}"))));

            assertThat(place.value("select customer_id from s.charge")).isEqualTo("cus");
        }
    }

    @ParameterizedTest(name = "Postgres {0}")
    @ValueSource(ints = 18)
    void aTransactionMayTakeLongerThanTheRoleIsSetTo(int major) {
        try (Place place = Place.on(major)) {
            place.run("alter role " + Identifier.quote(place.user()) + " set transaction_timeout = '500ms'");
            try (DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
                place.run("create function slow() returns trigger language plpgsql as"
                        + " 'begin perform pg_sleep(1); return new; end'");
                place.run("create trigger slow before insert on s.charge for each row execute procedure slow()");
                session.commit(Stripe.batch(1, List.of(Stripe.charge("ch_1", 1))));
            }
            assertThat(place.value("select count(*) from s.charge")).isEqualTo("1");
        }
    }

    /** Settings of a role are those of each of its sessions that does not say otherwise. */
    @OnPostgres(18)
    void whatTheRoleIsSetToDoesNotChangeWhatIsWrittenOrDropped(int major) {
        try (Place place = Place.on(major)) {
            String role = "alter role " + Identifier.quote(place.user()) + " set ";
            place.run(role + "default_transaction_isolation = 'serializable'");
            place.run(role + "array_nulls = off");
            place.run(role + "standard_conforming_strings = off");
            try (DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
                session.commit(Stripe.batch(1, List.of(Stripe.upsert("charge", "ch_1", "{\"id\":\"ch_1\"}"))));
            }
            assertThat(place.value("select count(*) from s.charge where customer_id is null"))
                    .isEqualTo("1");

            place.run("create table s.async_jobs (); alter table s.async_jobs owner to "
                    + Identifier.quote(place.user()));
            try (DestinationSession session = place.session("s")) {
                assertThat(session.drop(Place.OWNER).schemaStays()).isTrue();
            }
            assertThat(place.value("select to_regclass('s.async_jobs')")).isEqualTo("s.async_jobs");
        }
    }

    /** A server that was built with LLVM, as this test's is not, compiles what looks dear to it, for 200 ms a statement. */
    @OnPostgres({10, 15, 18})
    void noStatementIsCompiledWhateverTheRoleIsSetTo(int major) {
        try (Place place = Place.on(major)) {
            if (major > 10) {
                place.run("alter role " + Identifier.quote(place.user()) + " set jit = on");
            }
            try (DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
                place.run("create table public.seen as select current_setting('jit', true) as jit where false;"
                        + " grant all on public.seen to public;"
                        + " create function public.look() returns trigger language plpgsql as $$ begin"
                        + " insert into public.seen select current_setting('jit', true); return null; end $$;"
                        + " create trigger look after insert or update on s.charge execute procedure public.look();"
                        + " create trigger look after update on s._sync_writer execute procedure public.look()");

                session.commit(Stripe.batch(1, Stripe.charges(0, 1, 1)));
                session.commit(Stripe.batch(2, Stripe.charges(0, 2_000, 2)));
                session.renew(Map.of());

                assertThat(place.value("select string_agg(distinct coalesce(jit, 'unknown'), ' ') from public.seen"))
                        .isEqualTo(major > 10 ? "off" : "unknown");
                assertThat(Integer.parseInt(place.value("select count(*) from public.seen")))
                        .isGreaterThanOrEqualTo(3);
            }
        }
    }
}
