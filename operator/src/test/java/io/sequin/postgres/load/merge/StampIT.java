package io.sequin.postgres.load.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.OnPostgres;
import io.sequin.data.Change;
import io.sequin.data.Column;
import io.sequin.data.ColumnType;
import io.sequin.data.Deletes;
import io.sequin.data.Encoding;
import io.sequin.data.Json;
import io.sequin.data.RowKey;
import io.sequin.data.TableShape;
import io.sequin.data.WriteRules;
import io.sequin.postgres.load.Committed;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A source that tells when it wrote a row last: the later state stays, in whatever order they come. */
class StampIT {
    private static final String ROWS = "select id, name, stamp is null, extract(day from stamp at time zone 'UTC')::int"
            + " from s.account order by id";

    private static TableShape account() {
        return new TableShape(
                "account",
                List.of(
                        new Column("id", "id", ColumnType.TEXT, Encoding.PLAIN),
                        new Column("name", "name", ColumnType.TEXT, Encoding.PLAIN),
                        new Column("stamp", "stamp", ColumnType.TIMESTAMPTZ, Encoding.PLAIN)),
                List.of("id"),
                Optional.empty(),
                Optional.of("stamp"));
    }

    /** Few rows go in bound arrays, many by a staging table. */
    @OnPostgres({10, 14, 15, 18})
    void anEarlierStateNeverReplacesALaterOneWithOrWithoutStaging(int major) {
        for (int others : List.of(0, 2_000)) {
            try (Place place = Place.on(major);
                    DestinationSession session = Stripe.live(place, "s", account())) {
                commit(session, 1, others, row("early", "first", 5), row("same", "first", 5), row("late", "first", 5));
                Committed done = commit(
                        session, 2, others, row("early", "stale", 4), row("same", "again", 5), row("late", "new", 6));
                assertThat(done.changed()).isEqualTo(2);
                assertThat(place.rows(ROWS.replace(" order", " where id not like 'other%' order")))
                        .containsExactly("early|first|f|5", "late|new|f|6", "same|again|f|5");
            }
        }
    }

    @OnPostgres({10, 14, 15, 18})
    void aStampThatIsMissingOnEitherSideKeepsNothingBack(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", account())) {
            commit(session, 1, 0, row("a", "first", 5), row("b", "first", 0));
            commit(session, 2, 0, row("a", "without", 0), row("b", "with", 3));
            assertThat(place.rows(ROWS)).containsExactly("a|without|t|null", "b|with|f|3");
        }
    }

    @OnPostgres({10, 14, 15, 18})
    void aStampThatAloneDiffersIsNoChange(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", account())) {
            commit(session, 1, 0, row("a", "same", 5));
            assertThat(commit(session, 2, 0, row("a", "same", 7)).changed()).isZero();
            assertThat(place.rows(ROWS)).containsExactly("a|same|f|5");
        }
    }

    @OnPostgres({10, 14, 15, 18})
    void aMarkedRowThatAnEarlierStateMeetsStaysMarkedAndCountsAsThat(int major) {
        for (int others : List.of(0, 2_000)) {
            try (Place place = Place.on(major);
                    DestinationSession session = Stripe.live(place, "s", account(), new WriteRules(Deletes.SOFT))) {
                commit(session, 1, others, row("a", "first", 5), row("b", "first", 5));
                session.commit(Stripe.batch(
                        2,
                        List.of(
                                new Change.Delete("account", RowKey.of("a")),
                                new Change.Delete("account", RowKey.of("b")))));
                commit(session, 3, others, row("a", "stale", 4), row("b", "again", 5));
                assertThat(place.rows("select id, name from s.account where _sync_deleted_at is not null"))
                        .containsExactly("a|first");
                assertThat(place.rows("select rows, marked from s._sync_table")).containsExactly((others + 1) + "|1");
            }
        }
    }

    private static Committed commit(DestinationSession session, long seq, int others, Change... rows) {
        Stream<Change> more = IntStream.range(0, others).mapToObj(i -> row("other" + i, "as ever", 5));
        return session.commit(
                Stripe.batch(seq, Stream.concat(Stream.of(rows), more).toList()));
    }

    /** @param day of its stamp; 0: none */
    private static Change row(String id, String name, int day) {
        String stamp = day == 0 ? "null" : "\"2026-01-0" + day + "T00:00:00Z\"";
        return new Change.Upsert(
                "account",
                RowKey.of(id),
                Json.of("{\"id\": \"" + id + "\", \"name\": \"" + name + "\", \"stamp\": " + stamp + "}"));
    }
}
