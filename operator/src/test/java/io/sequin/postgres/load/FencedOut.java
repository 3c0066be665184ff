package io.sequin.postgres.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sequin.postgres.Identifier;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.PostgresProblem;
import java.util.Map;
import java.util.TreeMap;

/** What a writer of schema {@code s} tries once another one has taken it. */
public final class FencedOut {
    private static final String TABLES =
            "select relname from pg_class where relnamespace = 's'::regnamespace and relkind = 'r'";

    private FencedOut() {}

    /** Another writer takes the schema: then this must be refused as an earlier one's, and change nothing in it. */
    public static void assertRefused(Place place, Runnable work) {
        place.taken("s").close();
        Map<String, String> before = content(place);
        assertThatExceptionOfType(PostgresException.class)
                .as("what an earlier writer does")
                .isThrownBy(work::run)
                .satisfies(refused -> assertThat(refused.problem().code()).isEqualTo(PostgresProblem.FENCED_OUT));
        assertThat(content(place)).isEqualTo(before);
    }

    /** By table: all its rows. */
    private static Map<String, String> content(Place place) {
        Map<String, String> content = new TreeMap<>();
        for (String table : place.rows(TABLES)) {
            content.put(
                    table,
                    place.value("select count(*) || ' ' || md5(coalesce(string_agg(t::text, ',' order by t::text), ''))"
                            + " from " + Identifier.quote("s", table) + " t"));
        }
        return content;
    }
}
