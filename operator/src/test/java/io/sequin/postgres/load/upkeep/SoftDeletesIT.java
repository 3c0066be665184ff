package io.sequin.postgres.load.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.OnPostgres;
import io.sequin.data.Change;
import io.sequin.data.Deletes;
import io.sequin.data.WriteRules;
import io.sequin.postgres.load.Committed;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.Lines;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import io.sequin.postgres.load.TableStatus;
import io.sequin.postgres.load.table.TableWriter;
import java.util.ArrayList;
import java.util.List;

/** Rows that the source deleted and that stay, marked: on each way that rows take, and each form of the merge. */
class SoftDeletesIT {
    private static final WriteRules SOFT = new WriteRules(Deletes.SOFT);
    /** One goes in bound arrays, the other through a staging table. */
    private static final List<Integer> SIZES = List.of(3, TableWriter.STAGING_ROWS + 200);

    private static final String STATE = "select count(*) filter (where _sync_deleted_at is null),"
            + " count(*) filter (where _sync_deleted_at is not null) from s.charge";
    private static final String VERSIONS = "select md5(string_agg(xmin || ' ' || ctid, ',' order by id)) from s.charge";
    private static final String COUNTED = "select rows, marked from s._sync_table";

    static List<Change.Delete> deletes(int count) {
        List<Change.Delete> deletes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            deletes.add(Stripe.delete("ch_" + i));
        }
        return deletes;
    }

    @OnPostgres({10, 14, 15, 18})
    void aDeletedRowStaysWithTheTimeAndOneThatReturnsUnchangedIsRevived(int major) {
        for (int size : SIZES) {
            try (Place place = Place.on(major);
                    DestinationSession session = Stripe.live(place, "s", Stripe.charge(), SOFT)) {
                session.commit(Stripe.batch(1, Stripe.charges(0, size, 1)));
                Committed gone = session.commit(Stripe.batch(2, deletes(size - 1)));
                assertThat(gone.changed()).isEqualTo(size - 1);
                assertThat(gone.tables().get("charge"))
                        .extracting(TableStatus::rows, TableStatus::marked)
                        .containsExactly(1L, size - 1L);
                assertThat(place.value("select count(*) from s.charge where _sync_deleted_at = _sync_updated_at"))
                        .isEqualTo("" + (size - 1));
                Committed back = session.commit(Stripe.batch(3, Stripe.charges(0, size, 1)));
                assertThat(back.changed()).isEqualTo(size - 1);
                assertThat(place.rows(STATE)).containsExactly(size + "|0");
                assertThat(place.rows(COUNTED)).containsExactly(size + "|0");
                assertThat(place.value("select count(distinct _sync_updated_at) from s.charge"))
                        .as("the time moves")
                        .isEqualTo("2");
            }
        }
    }

    @OnPostgres({10, 14, 15, 18})
    void nothingIsWrittenTwice(int major) {
        for (int size : SIZES) {
            try (Place place = Place.on(major);
                    DestinationSession session = Stripe.live(place, "s", Stripe.charge(), SOFT)) {
                session.commit(Stripe.batch(1, Stripe.charges(0, size, 1)));
                session.commit(Stripe.batch(2, deletes(size - 1)));
                String before = place.value(VERSIONS);
                assertThat(session.commit(Stripe.batch(3, deletes(size - 1))).changed())
                        .isZero();
                assertThat(session.commit(Stripe.batch(4, Stripe.charges(size - 1, size, 1)))
                                .changed())
                        .isZero();
                assertThat(place.value(VERSIONS)).isEqualTo(before);
                assertThat(place.rows(COUNTED)).containsExactly("1|" + (size - 1));
            }
        }
    }

    @OnPostgres({10, 14, 15, 18})
    void aSetOfChildrenMarksThoseThatAreGoneAndADeletedParentAll(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Lines.shape(), SOFT)) {
            session.commit(Stripe.batch(1, List.of(Lines.set("in_1", true, "a", "b"), Lines.set("in_2", true, "c"))));
            session.commit(Stripe.batch(2, List.of(Lines.set("in_1", true, "b"))));
            String marked = "select id, _sync_deleted_at is not null from s.line order by id";
            assertThat(place.rows(marked)).containsExactly("a|t", "b|f", "c|f");
            String time = place.value("select _sync_deleted_at from s.line where id = 'a'");
            session.commit(Stripe.batch(3, List.of(Lines.set("in_1", true))));
            assertThat(place.rows(marked)).containsExactly("a|t", "b|t", "c|f");
            assertThat(place.value("select _sync_deleted_at from s.line where id = 'a'"))
                    .isEqualTo(time);
            session.commit(Stripe.batch(4, List.of(Lines.set("in_2", true, "a", "c"))));
            assertThat(place.rows("select id, invoice from s.line where _sync_deleted_at is null order by id"))
                    .containsExactly("a|in_2", "c|in_2");
            assertThat(place.rows(COUNTED)).containsExactly("2|1");
        }
    }

    @OnPostgres({10, 14, 15, 18})
    void aTableInItsFirstPassKeepsDeletedRowsToo(int major) {
        for (int size : SIZES) {
            try (Place place = Place.on(major);
                    DestinationSession session = Stripe.begun(place, "s", Stripe.charge(), SOFT)) {
                session.commit(Stripe.batch(0, Stripe.charges(0, size, 1)));
                session.commit(Stripe.batch(1, deletes(2)));
                assertThat(place.rows(STATE)).containsExactly((size - 2) + "|2");
                // copied straight into the table these would meet the marked rows
                session.commit(Stripe.batch(2, Stripe.charges(0, size, 2)));
                assertThat(place.rows(STATE)).containsExactly(size + "|0");
                assertThat(place.rows(COUNTED)).containsExactly(size + "|0");
            }
        }
    }

    @OnPostgres({10, 14, 15, 18})
    void fromHardToSoftCountsFromNowOnAndBackLeavesWhatIsMarked(int major) {
        try (Place place = Place.on(major)) {
            try (DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
                session.commit(Stripe.batch(1, Stripe.charges(0, 6, 1)));
                session.commit(Stripe.batch(2, List.of(Stripe.delete("ch_5"))));
            }
            try (DestinationSession session = place.taken("s", SOFT)) {
                Stripe.whole(session, Stripe.charge());
                session.commit(Stripe.batch(3, deletes(3)));
                assertThat(place.rows(STATE)).containsExactly("2|3");
            }
            try (DestinationSession session = place.taken("s")) {
                Stripe.whole(session, Stripe.charge());
                List<Change> changes = new ArrayList<>(deletes(4));
                changes.add(Stripe.charge("ch_0", 1));
                Committed done = session.commit(Stripe.batch(4, changes));
                assertThat(done.changed()).as("one deleted, one revived").isEqualTo(2);
                assertThat(place.rows(STATE)).containsExactly("2|2");
                assertThat(place.rows(COUNTED)).containsExactly("2|2");
            }
        }
    }
}
