package io.sequin.postgres.load.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.OnPostgres;
import io.sequin.Seeds;
import io.sequin.data.Change;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.RandomJson;
import io.sequin.postgres.load.Stripe;
import io.sequin.postgres.load.json.JsonbText;
import io.sequin.postgres.load.table.TableWriter;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Batches large enough to be staged, where JSON is compared as text first. */
class StagedJsonIT {
    private static final int ROWS = TableWriter.STAGING_ROWS + 100;

    private static List<Change.Upsert> charges(IntFunction<String> metadata) {
        return IntStream.range(0, ROWS)
                .mapToObj(i -> Stripe.upsert(
                        "charge", "ch_" + i, "{\"amount\":1,\"metadata\":" + metadata.apply(i) + ",\"more\":[1.0]}"))
                .toList();
    }

    /** Even where the text that is sent is not the server's own: see {@link JsonbText}. */
    @OnPostgres({10, 14, 15, 18})
    void anotherTextOfTheSameValueIsNoChange(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            RandomJson json = new RandomJson(Seeds.random(StagedJsonIT.class), true);
            List<String> values =
                    IntStream.range(0, ROWS).mapToObj(i -> json.value()).toList();
            assertThat(session.commit(Stripe.batch(1, charges(values::get))).changed())
                    .isEqualTo(ROWS);
            assertThat(session.commit(Stripe.batch(2, charges(i -> " " + values.get(i) + " ")))
                            .changed())
                    .isZero();
        }
    }

    @OnPostgres({10, 14, 15, 18})
    void aChangeInsideJsonIsWritten(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(1, charges(i -> "{\"n\\n\":" + i + "}")));
            IntFunction<String> some = i -> switch (new Random(i).nextInt(4)) {
                case 0 -> "{\"n\\n\":" + i + ".0}";
                case 1 -> "{\"n\\n\":\"" + i + "\"}";
                case 2 -> "null";
                default -> "{\"n\\n\":" + i + "}";
            };
            long different = IntStream.range(0, ROWS)
                    .filter(i -> some.apply(i).contains("\"" + i + "\"")
                            || some.apply(i).equals("null"))
                    .count();
            assertThat(session.commit(Stripe.batch(2, charges(some))).changed()).isEqualTo(different);
            assertThat(place.value("select count(*) from s.charge where metadata is null or"
                            + " jsonb_typeof(metadata -> e'n\\n') = 'string'"))
                    .isEqualTo("" + different);
        }
    }
}
