package io.sequin.postgres.load.refusal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.TableException;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A row that the merging statement can't see refuses ours as its double. Where nothing hides it any more, that is no
 * refusal of the record, which would wait for minutes: the next try sees it.
 */
class UnseenRowsIT {
    /** Stands for another session that writes the key while the statement runs. */
    private static final String AT_THE_SAME_TIME = """
            create function first() returns trigger language plpgsql as
              'begin if pg_trigger_depth() = 1 then insert into s.charge select new.*; end if; return new; end'""";

    /** What merges on earlier versions is refused in other words here. */
    @ParameterizedTest(name = "Postgres {0}")
    @ValueSource(ints = 15)
    void aDoubleOfARowThatNothingHidesIsTriedAgainSoon(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            place.run(AT_THE_SAME_TIME);
            place.run("create trigger first before insert on s.charge for each row execute procedure first()");

            TableException refused = catchThrowableOfType(
                    TableException.class, () -> session.commit(Stripe.batch(1, List.of(Stripe.charge("ch_1", 1)))));

            assertThat(refused.problem().code()).isEqualTo(PostgresProblem.TABLE_ALTERED);
            assertThat(refused.problem().message()).contains("charge_pkey", "\"s\".\"charge\"", "tried again");
            assertThat(refused.problem().cure()).isEmpty();
            place.run("drop trigger first on s.charge");
            session.commit(Stripe.batch(1, List.of(Stripe.charge("ch_1", 1))));
        }
    }
}
