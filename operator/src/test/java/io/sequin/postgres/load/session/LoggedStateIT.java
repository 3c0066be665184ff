package io.sequin.postgres.load.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.OnPostgres;
import io.sequin.data.TablePhase;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import io.sequin.postgres.schema.StateTables;
import java.sql.Connection;
import java.util.Set;

/** State that somebody made unlogged, as a script does that goes over all tables of a schema. */
class LoggedStateIT {
    @OnPostgres({10, 18})
    void isLoggedAgainOnceNobodyUsesIt(int major) throws Exception {
        String unlogged = "select relname from pg_class where relnamespace = 's'::regnamespace and relkind = 'r'"
                + " and relpersistence = 'u' order by 1";
        try (Place place = Place.on(major)) {
            place.taken("s").close();
            for (String table : StateTables.ALL) {
                place.run("alter table s." + table + " set unlogged");
            }
            try (Connection reader = place.connect()) {
                reader.setAutoCommit(false);
                reader.createStatement().executeQuery("select from s." + StateTables.DIRTY);
                place.taken("s").close();
                assertThat(place.rows(unlogged)).containsExactly(StateTables.DIRTY, StateTables.SEEN);
            }
            place.taken("s").close();
            assertThat(place.rows(unlogged)).containsExactly(StateTables.SEEN);
        }
    }

    /** Of rows that were to be fetched nobody knows any more, where a crash came before the next opening. */
    @OnPostgres(18)
    void dirtyKeysThatACrashMayHaveTakenLetAllTablesBeginAnewOnce(int major) {
        try (Place place = Place.on(major)) {
            Stripe.live(place, "s", Stripe.charge()).close();
            place.run("alter table s._sync_dirty set unlogged");
            place.taken("s").close();
            assertThat(place.value("select phase from s._sync_table"))
                    .as("else the events would begin anew too, and what they tell of before be lost")
                    .isEqualTo("LIVE");
            assertThat(phaseAtTheNextOpening(place)).isEqualTo(TablePhase.FIRST_PASS);
            place.run("update s._sync_table set phase = 'LIVE'");
            assertThat(phaseAtTheNextOpening(place)).isEqualTo(TablePhase.LIVE);
        }
    }

    @OnPostgres(18)
    void whereTheyAreThereNoTableBeginsAnew(int major) {
        try (Place place = Place.on(major)) {
            Stripe.live(place, "s", Stripe.charge()).close();
            place.run("insert into s._sync_dirty values ('charge', '{ch_1}', false);"
                    + " alter table s._sync_dirty set unlogged");
            assertThat(phaseAtTheNextOpening(place)).isEqualTo(TablePhase.LIVE);
        }
    }

    private static TablePhase phaseAtTheNextOpening(Place place) {
        try (DestinationSession session = place.taken("s")) {
            return session.ensure(Stripe.charge(), Set.of(Stripe.LANE)).phase();
        }
    }
}
