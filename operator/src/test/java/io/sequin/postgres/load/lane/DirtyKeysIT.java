package io.sequin.postgres.load.lane;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sequin.OnPostgres;
import io.sequin.data.Change;
import io.sequin.data.RowKey;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.TableException;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.Committed;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.DirtyMarks;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** Keys that are to be fetched later, kept with the checkpoint that has passed them. */
class DirtyKeysIT {
    private static final Change.Hint FIRST = hint("charge", "a", false);
    private static final Change.Hint GONE = hint("charge", "b", true);

    @OnPostgres({10, 15, 18})
    void areRecordedAndTakenAwayWithTheBatchAndFoundByTheNextProcess(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            Change.Hint refund = hint("refund", "a", false);
            assertThat(commit(session, 1, DirtyMarks.adding(List.of(FIRST, GONE, refund)))
                            .dirty())
                    .isEqualTo(Map.of("charge", 2L, "refund", 1L));
            assertThat(session.dirtyKeys("charge", 10)).containsExactly(FIRST, GONE);
            assertThat(session.dirtyKeys("charge", 1)).containsExactly(FIRST);

            Batch batch = new Batch(
                    Stripe.LANE,
                    2,
                    Stripe.checkpoint(3),
                    List.of(Stripe.charge("a", 1)),
                    Map.of(),
                    Map.of(),
                    new DirtyMarks(List.of(), Map.of("charge", Set.of(FIRST.key(), RowKey.of("other"))), Set.of()));
            assertThat(session.commit(batch).dirty()).isEqualTo(Map.of("charge", -1L));
            assertThat(session.dirtyCounts()).isEqualTo(Map.of("charge", 1L, "refund", 1L));
            try (DestinationSession next = place.session("s")) {
                assertThat(next.take(Place.OWNER, Place.ACCOUNT).dirty()).isEqualTo(Map.of("charge", 1L, "refund", 1L));
            }
        }
    }

    @OnPostgres({10, 15, 18})
    void aReportedDeletionStaysRecorded(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            Change.Hint again = hint("charge", "b", false);
            Change.Hint gone = hint("charge", "a", true);
            commit(session, 1, DirtyMarks.adding(List.of(FIRST, GONE)));
            assertThat(commit(session, 2, DirtyMarks.adding(List.of(again, gone, FIRST)))
                            .dirty())
                    .isEqualTo(Map.of("charge", 0L));
            assertThat(session.dirtyKeys("charge", 10)).containsExactly(gone, GONE);
        }
    }

    @OnPostgres(18)
    void onlyReportedDeletionsStayWhereATableIsListedAgain(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            commit(session, 1, DirtyMarks.adding(List.of(FIRST, GONE, hint("refund", "a", false))));
            Map<String, Long> growth = commit(session, 2, new DirtyMarks(List.of(), Map.of(), Set.of("charge")))
                    .dirty();
            assertThat(growth).isEqualTo(Map.of("charge", -1L));
            assertThat(session.dirtyKeys("charge", 10)).containsExactly(GONE);
            assertThat(session.dirtyCounts()).containsEntry("refund", 1L);
        }
    }

    @OnPostgres(18)
    void goWithTheBatchWhereItRollsBack(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            assertThatThrownBy(() -> commit(session, 7, DirtyMarks.adding(List.of(FIRST))))
                    .isInstanceOf(PostgresException.class);
            assertThat(session.dirtyCounts()).isEmpty();
        }
    }

    @OnPostgres(18)
    void mayHaveSeveralPartsAndAnyTextButWhatNoRowCanHave(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            Change.Hint odd = new Change.Hint("charge", new RowKey(List.of("a\"b\\c,{}", "", "null", "é 𝄞")), false);
            Change.Hint impossible = hint("charge", "a\u0000b", false);
            commit(session, 1, DirtyMarks.adding(List.of(odd, impossible)));
            assertThat(session.dirtyKeys("charge", 10)).containsExactly(odd);
            commit(session, 2, new DirtyMarks(List.of(), Map.of("charge", Set.of(odd.key())), Set.of()));
            assertThat(session.dirtyCounts()).isEmpty();
        }
    }

    /** Such a key fits no index, so no row has it either; else all tables would wait for the one. */
    @OnPostgres({10, 18})
    void oneThatIsTooLongStopsItsTableAloneUntilItsObjectIsReportedAsDeleted(int major) {
        // random, since an index compresses
        String longKey = new Random(7)
                .ints(5_000, 'a', 'z')
                .mapToObj(Character::toString)
                .collect(joining());
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            assertThatThrownBy(() -> session.commit(Stripe.batch(1, List.of(Stripe.charge(longKey, 1)))))
                    .isInstanceOfSatisfying(
                            TableException.class, e -> assertThat(e.table()).isEqualTo("charge"))
                    .hasMessageContaining("longer than 2000 bytes");
            List<Change.Hint> met = List.of(hint("charge", longKey, false), hint("refund", "a", false));
            assertThat(commit(session, 1, DirtyMarks.adding(met)).dirty())
                    .isEqualTo(Map.of("charge", 1L, "refund", 1L));
            assertThatThrownBy(() -> session.dirtyKeys("charge", 10))
                    .isInstanceOfSatisfying(
                            TableException.class, e -> assertThat(e.table()).isEqualTo("charge"))
                    .hasMessageContaining(longKey.substring(0, 100))
                    .hasMessageContaining("delete from");
            assertThat(session.dirtyKeys("refund", 10)).hasSize(1);
            assertThat(commit(session, 2, DirtyMarks.adding(List.of(hint("charge", longKey, true))))
                            .dirty())
                    .isEqualTo(Map.of("charge", -1L));
            assertThat(session.dirtyKeys("charge", 10)).isEmpty();
        }
    }

    @OnPostgres(18)
    void oneThatIsTooLongIsForgottenWithTheBatchThatDeletesItsRowOrByTheSqlThatIsSaid(int major) throws SQLException {
        String longKey = "ö".repeat(1_001);
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            commit(session, 1, DirtyMarks.adding(List.of(hint("charge", longKey, false))));
            assertThat(session.commit(Stripe.batch(2, List.of(Stripe.delete(longKey))))
                            .dirty())
                    .isEqualTo(Map.of("charge", -1L));
            assertThat(session.dirtyKeys("charge", 10)).isEmpty();

            commit(session, 3, DirtyMarks.adding(List.of(FIRST, hint("charge", longKey, false))));
            PostgresException stopped =
                    catchThrowableOfType(PostgresException.class, () -> session.dirtyKeys("charge", 10));
            String sql = stopped.problem().cure().getFirst().sql();
            assertThat(stopped.problem().message()).endsWith(sql);
            try (Connection user = place.connect();
                    Statement statement = user.createStatement()) {
                statement.execute(sql);
            }
            assertThat(session.dirtyKeys("charge", 10)).containsExactly(FIRST);
        }
    }

    /** Its escapes are too long to be written down, so nobody fetches it to see that it is gone. */
    @OnPostgres({10, 18})
    void oneThatTheEncodingLacksIsForgottenWithTheBatchThatDeletesItsRowThoughItIsNotTooLong(int major) {
        String key = "夏".repeat(300);
        Change.Hint fetched = hint("charge", "夏", false);
        try (Place place = Place.latin1(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            commit(session, 1, DirtyMarks.adding(List.of(FIRST, fetched, hint("charge", key, false))));
            assertThatThrownBy(() -> session.dirtyKeys("charge", 10))
                    .isInstanceOf(TableException.class)
                    .hasMessageContaining("characters that the encoding of the database lacks");
            List<Change> deletes = List.of(Stripe.delete(key), Stripe.delete("夏"), Stripe.delete("a"));
            assertThat(session.commit(Stripe.batch(2, deletes)).dirty()).isEqualTo(Map.of("charge", -1L));
            assertThat(session.dirtyKeys("charge", 10))
                    .as("what can be fetched is looked at once more")
                    .containsExactlyInAnyOrder(FIRST, fetched);
        }
    }

    @OnPostgres(18)
    void aHundredThousandAreRecordedInSeconds(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            List<Change.Hint> many = IntStream.range(0, 100_000)
                    .mapToObj(i -> hint("charge", "ch_" + i, false))
                    .toList();
            commit(session, 1, DirtyMarks.adding(many));
            assertThat(session.dirtyCounts()).isEqualTo(Map.of("charge", 100_000L));
        }
    }

    private static Committed commit(DestinationSession session, long seq, DirtyMarks marks) {
        return session.commit(
                new Batch(Stripe.LANE, seq, Stripe.checkpoint(seq + 1), List.of(), Map.of(), Map.of(), marks));
    }

    private static Change.Hint hint(String table, String key, boolean deletion) {
        return new Change.Hint(table, RowKey.of(key), deletion);
    }
}
