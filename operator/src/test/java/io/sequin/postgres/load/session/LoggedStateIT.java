package io.sequin.postgres.load.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.postgres.load.Place;
import io.sequin.postgres.schema.StateTables;
import java.sql.Connection;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** State that somebody made unlogged, as a script does that goes over all tables of a schema. */
class LoggedStateIT {
    @ParameterizedTest
    @ValueSource(ints = {10, 18})
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
}
