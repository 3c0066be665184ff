package io.sequin.postgres.load.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.OnPostgres;
import io.sequin.data.Column;
import io.sequin.data.TableShape;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import io.sequin.testkit.postgres.PostgresOptions;
import io.sequin.testkit.postgres.PostgresServer;
import java.util.ArrayList;
import java.util.List;

/** What a batch writes to the log, on servers of its own: the log belongs to all databases of a server. */
class WalIT {
    @OnPostgres({10, 15, 18})
    void rowsSentAgainWriteNothingButTheCheckpoint(int major) {
        try (PostgresServer server =
                PostgresServer.start(major, PostgresOptions.standard().withSetting("autovacuum", "off"))) {
            for (int rows : List.of(900, 20_000)) {
                try (Place place = Place.on(server);
                        DestinationSession session = Stripe.live(place, "s", without())) {
                    long first = written(place, session, Stripe.batch(1, Stripe.charges(0, rows, 5)));
                    long again = written(place, session, Stripe.batch(2, Stripe.charges(0, rows, 5)));
                    assertThat(first).isGreaterThan(rows * 100L);
                    // the lane's row, and the catalog rows of a staging table
                    assertThat(again).isLessThan(50_000);
                    Stripe.whole(session, grown());
                    assertThat(written(place, session, Stripe.batch(3, Stripe.charges(0, rows, 5))))
                            .as("after a column was added and filled from the overflow")
                            .isLessThan(50_000);
                }
            }
        }
    }

    /** Without the customer, which the records have. */
    private static TableShape without() {
        List<Column> columns = new ArrayList<>(grown().columns());
        columns.removeIf(column -> column.name().equals("customer_id"));
        return new TableShape("charge", columns, List.of("id"));
    }

    private static TableShape grown() {
        return Stripe.charge();
    }

    private static long written(Place place, DestinationSession session, Batch batch) {
        place.run("checkpoint");
        String before = place.value("select pg_current_wal_insert_lsn()");
        session.commit(batch);
        return Long.parseLong(place.value("select pg_current_wal_insert_lsn() - '" + before + "'::pg_lsn"));
    }
}
