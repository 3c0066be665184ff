package io.sequin.postgres.load.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sequin.OnPostgres;
import io.sequin.data.LaneId;
import io.sequin.data.TableShape;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.TableException;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.Lines;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A table whose rows can't be told apart, or found, as they could be before. */
class TableKeyIT {
    private static final Set<LaneId> FILLS = Set.of(Stripe.LANE);

    private static TableException refused(DestinationSession session, TableShape shape) {
        TableException refused = catchThrowableOfType(TableException.class, () -> session.ensure(shape, FILLS));
        assertThat(refused).isNotNull();
        assertThat(refused.problem().code()).isEqualTo(PostgresProblem.TABLE_ALTERED);
        return refused;
    }

    private static void cured(Place place, DestinationSession session, TableShape shape, TableException refused) {
        String sql = refused.problem().cure().getFirst().sql();
        assertThat(refused.problem().message()).contains(sql);
        place.run(sql);
        session.ensure(shape, FILLS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "invoice"})
    void aCollationThatTakesDifferentKeysForOneIsRefused(String column) {
        try (Place place = Place.on(18);
                DestinationSession session = Stripe.live(place, "s", Lines.shape())) {
            place.run("create collation public.ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);"
                    + " alter table s.line alter column " + column + " type text collate public.ci");

            TableException refused = refused(session, Lines.shape());

            assertThat(refused.problem().message()).contains("\"" + column + "\"", "different texts may be equal");
            cured(place, session, Lines.shape(), refused);
        }
    }

    @OnPostgres(18)
    void aCollationThatOnlyOrdersThemIsNoMatter(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            place.run("create collation public.german (provider = icu, locale = 'de');"
                    + " alter table s.charge alter column id type text collate public.german");
            session.ensure(Stripe.charge(), FILLS);
            assertThat(session.commit(Stripe.batch(1, Stripe.charges(0, 3, 1))).changed())
                    .isEqualTo(3);
        }
    }

    /** Without it each batch would read all of a large table, on versions that can write it, too. */
    @OnPostgres({10, 14, 15, 18})
    void aKeyWithoutAnIndexIsRefused(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            place.run("alter table s.charge drop constraint charge_pkey");
            cured(place, session, Stripe.charge(), refused(session, Stripe.charge()));
        }
    }

    @Test
    void aPrimaryKeyOfOtherColumnsStaysBesideTheIndex() {
        try (Place place = Place.on(14);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            place.run("alter table s.charge drop constraint charge_pkey, add column nr serial primary key");
            cured(place, session, Stripe.charge(), refused(session, Stripe.charge()));
            assertThat(session.commit(Stripe.batch(1, Stripe.charges(0, 3, 1))).changed())
                    .isEqualTo(3);
        }
    }

    @ParameterizedTest(name = "Postgres {0}")
    @ValueSource(ints = {15, 18})
    void anyIndexOnTheKeyWillDo(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            place.run("alter table s.charge drop constraint charge_pkey; create index on s.charge (id)");
            session.ensure(Stripe.charge(), FILLS);
            assertThat(session.commit(Stripe.batch(1, Stripe.charges(0, 3, 1))).changed())
                    .isEqualTo(3);
        }
    }
}
