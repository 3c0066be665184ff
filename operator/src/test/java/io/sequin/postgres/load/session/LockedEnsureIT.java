package io.sequin.postgres.load.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sequin.OnPostgres;
import io.sequin.data.LaneId;
import io.sequin.data.TablePhase;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.TableException;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import io.sequin.postgres.load.TableStatus;
import io.sequin.postgres.schema.WriteTimeouts;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;

/** A lock on a table while it is made sure of is that table's trouble, and of no other. */
class LockedEnsureIT {
    private static final Set<LaneId> FILLS = Set.of(Stripe.LANE);
    private static final WriteTimeouts HASTY =
            new WriteTimeouts(Duration.ofMillis(500), Duration.ofSeconds(20), Duration.ofSeconds(20));

    @OnPostgres({10, 18})
    void aTableThatIsThereIsNamed(int major) throws Exception {
        try (Place place = Place.on(major)) {
            try (DestinationSession before = Stripe.live(place, "s", Stripe.charge())) {
                before.commit(Stripe.batch(1, Stripe.charges(0, 1, 1)));
            }
            TableStatus status = afterItIsLocked(place, "lock table s.charge in access exclusive mode");
            assertThat(status.phase()).isEqualTo(TablePhase.LIVE);
            assertThat(status.rows()).isEqualTo(1);
        }
    }

    @OnPostgres({10, 18})
    void soIsOneThatIsStillToBeMade(int major) throws Exception {
        try (Place place = Place.on(major)) {
            Stripe.live(place, "s", Stripe.charge("refund")).close();
            TableStatus status = afterItIsLocked(place, "create table s.charge (id text)");
            assertThat(status.phase()).isEqualTo(TablePhase.FIRST_PASS);
        }
    }

    private static TableStatus afterItIsLocked(Place place, String lock) throws Exception {
        try (DestinationSession session = place.session("s", HASTY);
                Connection person = place.server().superuser(place.database());
                Statement statement = person.createStatement()) {
            session.take(Place.OWNER, Place.ACCOUNT);
            person.setAutoCommit(false);
            statement.execute(lock);
            TableException locked =
                    catchThrowableOfType(TableException.class, () -> session.ensure(Stripe.charge(), FILLS));
            assertThat(locked.table()).isEqualTo("charge");
            assertThat(locked.problem().code()).isEqualTo(PostgresProblem.LOCK_TIMEOUT);
            assertThat(locked.problem().message()).contains("\"charge\"");
            session.ensure(Stripe.charge("refund"), FILLS);
            person.rollback();
            return session.ensure(Stripe.charge(), FILLS);
        }
    }
}
