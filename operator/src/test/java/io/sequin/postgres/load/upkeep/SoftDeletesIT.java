package io.sequin.postgres.load.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Change;
import io.sequin.data.Deletes;
import io.sequin.data.NewColumns;
import io.sequin.data.Problem;
import io.sequin.data.WriteRules;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.load.Committed;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.Lines;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import io.sequin.postgres.load.TableStatus;
import io.sequin.postgres.load.Upkeep;
import io.sequin.postgres.load.table.TableWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that the source deleted and that stay, marked: on each way that rows take, and each form of the merge. */
class SoftDeletesIT {
    private static final WriteRules SOFT = new WriteRules(Deletes.SOFT);
    /** One goes in bound arrays, the other through a staging table. */
    private static final List<Integer> SIZES = List.of(3, TableWriter.STAGING_ROWS + 200);

    private static final String STATE = "select count(*) filter (where _sync_deleted_at is null),"
            + " count(*) filter (where _sync_deleted_at is not null) from s.charge";
    private static final String VERSIONS = "select md5(string_agg(xmin || ' ' || ctid, ',' order by id)) from s.charge";
    private static final String COUNTED = "select rows, marked from s._sync_table";

    private static List<Change.Delete> deletes(int count) {
        List<Change.Delete> deletes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            deletes.add(Stripe.delete("ch_" + i));
        }
        return deletes;
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 14, 15, 18})
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

    @ParameterizedTest
    @ValueSource(ints = {10, 14, 15, 18})
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

    @ParameterizedTest
    @ValueSource(ints = {10, 14, 15, 18})
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

    @ParameterizedTest
    @ValueSource(ints = {10, 14, 15, 18})
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

    @ParameterizedTest
    @ValueSource(ints = {10, 14, 15, 18})
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

    private static WriteRules hard(String confirm) {
        return new WriteRules(Deletes.HARD, NewColumns.ADD, Optional.of(confirm));
    }

    /** The code that the message asks for. */
    static String code(Place place) {
        try (DestinationSession session = place.taken("s")) {
            Problem notice = Stripe.whole(session, Stripe.charge()).notices().getFirst();
            assertThat(notice.code()).isEqualTo(PostgresProblem.DELETES_NEED_CONFIRMATION);
            return notice.message().replaceAll(".*confirm: (\\S+);.*", "$1");
        }
    }

    private static void markAll(Place place, int rows) {
        try (DestinationSession session = Stripe.live(place, "s", Stripe.charge(), SOFT)) {
            session.commit(Stripe.batch(1, Stripe.charges(0, rows, 1)));
            session.commit(Stripe.batch(2, deletes(rows - 1)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 14, 15, 18})
    void markedRowsArePurgedOnceAPersonHasConfirmedIt(int major) {
        try (Place place = Place.on(major)) {
            markAll(place, 5);
            String code = code(place);
            try (DestinationSession session = place.taken("s", hard("charge-0000"))) {
                assertThat(Stripe.whole(session, Stripe.charge()).notices()).isNotEmpty();
                assertThat(place.rows(STATE)).as("another code").containsExactly("1|4");
            }
            try (DestinationSession session = place.taken("s", hard(code))) {
                assertThat(Stripe.whole(session, Stripe.charge()).notices()).isEmpty();
                assertThat(place.rows(STATE)).containsExactly("1|0");
                assertThat(place.rows(COUNTED)).containsExactly("1|0");
            }
            try (DestinationSession session = place.taken("s", SOFT)) {
                Stripe.whole(session, Stripe.charge());
                session.commit(Stripe.batch(3, List.of(Stripe.delete("ch_4"))));
            }
            assertThat(code(place)).as("a code counts once").isNotEqualTo(code);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 18})
    void aCodeHoldsUntilDeletesAreSoftAgain(int major) {
        try (Place place = Place.on(major)) {
            markAll(place, 5);
            String code = code(place);
            try (DestinationSession session = place.taken("s")) {
                Stripe.whole(session, Stripe.charge());
                session.commit(Stripe.batch(3, List.of(Stripe.charge("ch_0", 1))));
            }
            assertThat(code(place)).as("other rows changed").isEqualTo(code);
            try (DestinationSession session = place.taken("s", SOFT)) {
                Stripe.whole(session, Stripe.charge());
            }
            assertThat(code(place)).isNotEqualTo(code);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 18})
    void aPurgeGoesThroughTheTableOnceInPieces(int major) {
        int rows = 2 * MarkedRows.CHUNK + 5;
        try (Place place = Place.on(major)) {
            try (DestinationSession session = Stripe.live(place, "s", Stripe.charge(), SOFT)) {
                session.commit(Stripe.batch(1, Stripe.charges(0, rows, 1)));
            }
            place.run("update s.charge set _sync_deleted_at = now() where right(id, 1) = '7';"
                    + " update s._sync_table set rows = rows - 2000, marked = 2000");
            String code = code(place);
            try (DestinationSession session = place.taken("s", hard(code))) {
                TableStatus status = session.ensure(Stripe.charge(), Set.of());
                assertThat(status.left()).isEqualTo(Upkeep.PURGE);
                assertThat(session.tend("charge").left()).isEqualTo(Upkeep.PURGE);
            }
            try (DestinationSession session = place.taken("s", hard("another-0000"))) {
                TableStatus status = session.ensure(Stripe.charge(), Set.of());
                assertThat(status.left()).as("what has begun goes on").isEqualTo(Upkeep.PURGE);
                assertThat(session.tend("charge").left()).isEqualTo(Upkeep.PURGE);
                assertThat(session.tend("charge").left()).isEqualTo(Upkeep.NONE);
                assertThat(place.rows(STATE)).containsExactly((rows - 2000) + "|0");
                assertThat(place.rows(COUNTED)).containsExactly((rows - 2000) + "|0");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 14, 15, 18})
    void aTriggerThatKeepsRowsWithoutAWordIsToldOf(int major) {
        try (Place place = Place.on(major)) {
            markAll(place, 5);
            place.run("create function public.keep() returns trigger language plpgsql as"
                    + " 'begin if old.id = ''ch_1'' then return null; end if; return old; end';"
                    + " create trigger keep before delete on s.charge for each row execute procedure public.keep()");
            String code = code(place);
            try (DestinationSession session = place.taken("s", hard(code))) {
                Problem notice =
                        Stripe.whole(session, Stripe.charge()).notices().getFirst();
                assertThat(notice.code()).isEqualTo(PostgresProblem.DELETE_REFUSED);
                assertThat(place.rows(STATE)).containsExactly("1|1");
                assertThat(place.rows(COUNTED)).containsExactly("1|1");
                place.run("drop trigger keep on s.charge");
                TableStatus again = session.tend("charge");
                assertThat(again.left()).isEqualTo(Upkeep.NONE);
                assertThat(again.notices()).isEmpty();
                assertThat(again.marked()).isZero();
                assertThat(place.rows(STATE)).containsExactly("1|0");
                assertThat(place.rows(COUNTED)).containsExactly("1|0");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 18})
    void markedRowsThatAUserDeletesAreNotMissed(int major) {
        try (Place place = Place.on(major)) {
            markAll(place, 5);
            try (DestinationSession session = place.taken("s")) {
                Problem notice =
                        Stripe.whole(session, Stripe.charge()).notices().getFirst();
                place.run(notice.cure().getFirst().sql());
                assertThat(Stripe.whole(session, Stripe.charge()).notices()).isEmpty();
                assertThat(place.rows(COUNTED)).containsExactly("1|0");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 18})
    void aRowThatSomebodyRefersToStaysAndTheTableGoesOn(int major) {
        try (Place place = Place.on(major)) {
            markAll(place, 5);
            place.run("create table public.note (charge text references s.charge (id));"
                    + " insert into public.note values ('ch_0')");
            try (DestinationSession session = place.taken("s", hard(code(place)))) {
                assertThat(Stripe.whole(session, Stripe.charge()).notices())
                        .extracting(Problem::code)
                        .containsExactly(PostgresProblem.DELETE_REFUSED);
                assertThat(session.commit(Stripe.batch(3, List.of(Stripe.charge("new", 1))))
                                .changed())
                        .isEqualTo(1);
                TableStatus refused = session.tend("charge");
                assertThat(refused.left()).isEqualTo(Upkeep.PURGE_REFUSED);
                assertThat(refused.rows())
                        .as("what was committed meanwhile counts")
                        .isEqualTo(2);
                place.run("drop table public.note");
                assertThat(session.tend("charge").left()).isEqualTo(Upkeep.NONE);
                assertThat(place.rows(COUNTED)).containsExactly("2|0");
            }
        }
    }
}
