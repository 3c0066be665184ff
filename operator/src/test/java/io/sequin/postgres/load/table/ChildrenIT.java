package io.sequin.postgres.load.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sequin.OnPostgres;
import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import io.sequin.data.Json;
import io.sequin.data.LaneId;
import io.sequin.data.Problem;
import io.sequin.data.RowKey;
import io.sequin.data.TablePhase;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.TableException;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.Committed;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.Lines;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import io.sequin.postgres.load.TableStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Rows that belong to a parent. */
class ChildrenIT {
    /** So many that their rows go through staging. */
    private static final int MANY = TableWriter.STAGING_ROWS / 2;

    private static final String INDEXES =
            "select count(*) from pg_indexes where schemaname = 's' and tablename = 'line' and indexdef like '%(invoice)'";

    private static long rows(Committed committed) {
        return Objects.requireNonNull(committed.tables().get("line")).rows();
    }

    @OnPostgres({10, 15, 18})
    void aCompleteSetReplacesTheRowsOfItsParentOnly(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Lines.shape())) {
            session.commit(Stripe.batch(1, List.of(Lines.set("in_1", true, "a", "b"), Lines.set("in_2", true, "c"))));
            Committed second = session.commit(
                    Stripe.batch(2, List.of(Lines.set("in_1", true, "b", "d"), Lines.set("in_2", false, "e"))));
            assertThat(second.changed()).isEqualTo(3);
            assertThat(rows(second)).isEqualTo(4);
            assertThat(place.rows("select id, invoice from s.line order by id"))
                    .containsExactly("b|in_1", "c|in_2", "d|in_1", "e|in_2");
            Committed third = session.commit(Stripe.batch(3, List.of(Lines.set("in_1", true))));
            assertThat(third.changed()).isEqualTo(2);
            assertThat(rows(third)).isEqualTo(2);
        }
    }

    @OnPostgres({10, 15, 18})
    void aRowThatMovesBetweenParentsIsUpdatedWhateverTheOrderOfTheirSets(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Lines.shape())) {
            session.commit(Stripe.batch(1, List.of(Lines.set("in_1", true, "a", "b"), Lines.set("in_2", true, "c"))));
            Committed moved = session.commit(
                    Stripe.batch(2, List.of(Lines.set("in_2", true, "a"), Lines.set("in_1", true, "c"))));
            assertThat(place.rows("select id, invoice from s.line order by id")).containsExactly("a|in_2", "c|in_1");
            assertThat(moved.changed()).isEqualTo(3);
            assertThat(rows(moved)).isEqualTo(2);
        }
    }

    @OnPostgres({10, 15, 18})
    void manyParentsTakeOneStatementAndUnchangedRowsAreNotWritten(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Lines.shape())) {
            Committed filled = session.commit(Stripe.batch(1, Lines.sets(MANY, 3, 1)));
            assertThat(rows(filled)).isEqualTo(3L * MANY);
            String versions = "select md5(string_agg(xmin || ' ' || ctid, ',' order by id)) from s.line";
            String before = place.value(versions);
            assertThat(session.commit(Stripe.batch(2, Lines.sets(MANY, 3, 1))).changed())
                    .isZero();
            assertThat(place.value(versions)).isEqualTo(before);
            Committed fewer = session.commit(Stripe.batch(3, Lines.sets(MANY, 2, 1)));
            assertThat(fewer.changed()).isEqualTo(MANY);
            assertThat(rows(fewer)).isEqualTo(2L * MANY);
        }
    }

    @OnPostgres({10, 15, 18})
    void aFirstPassReplacesTooWhenAParentIsListedAgain(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.begun(place, "s", Lines.shape())) {
            session.commit(Stripe.batch(0, Lines.sets(MANY, 3, 1)));
            List<Change> again = new ArrayList<>();
            again.add(Lines.set("in_1", true, "li_1_0", "new"));
            again.add(Lines.set("in_new", true, "other"));
            Committed second = session.commit(Stripe.batch(1, again));
            assertThat(rows(second)).isEqualTo(3L * MANY);
            assertThat(place.rows("select id from s.line where invoice = 'in_1' order by id"))
                    .containsExactly("li_1_0", "new");
        }
    }

    @OnPostgres({10, 15, 18})
    void theColumnOfTheParentIsIndexedAlsoWhereTheTableWasThereBefore(int major) {
        try (Place place = Place.on(major)) {
            Stripe.begun(place, "s", Lines.withoutParent()).close();
            assertThat(place.value(INDEXES)).isEqualTo("0");
            for (int times = 0; times < 2; times++) {
                Stripe.begun(place, "s", Lines.shape()).close();
                assertThat(place.value(INDEXES)).isEqualTo("1");
            }
            place.run("drop table s.line");
            Stripe.begun(place, "s", Lines.shape()).close();
            assertThat(place.value(INDEXES)).isEqualTo("1");
        }
    }

    @OnPostgres({10, 18})
    void aLargeTableIsNotLockedForADroppedIndexButWorksAndSaysHowToMakeItAgain(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Lines.shape())) {
            session.commit(Stripe.batch(1, List.of(Lines.set("in_1", true, "a", "b"))));
            place.run("drop index s.line_invoice_idx");
            place.run("update s._sync_table set rows = rows + 1000000");
            TableStatus status = Stripe.whole(session, Lines.shape());
            assertThat(status.notices()).extracting(Problem::code).containsExactly(PostgresProblem.INDEX_MISSING);
            assertThat(place.value(INDEXES)).isEqualTo("0");
            session.commit(Stripe.batch(2, List.of(Lines.set("in_1", true, "b"))));
            assertThat(place.rows("select id from s.line")).containsExactly("b");
            place.run(status.notices().getFirst().cure().getFirst().sql());
            assertThat(Stripe.whole(session, Lines.shape()).notices()).isEmpty();
        }
    }

    @OnPostgres(18)
    void aTableThatSomebodyWritesIsNotWaitedForToIndexIt(int major) throws Exception {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Lines.shape());
                var writer = place.connect()) {
            place.run("drop index s.line_invoice_idx");
            writer.setAutoCommit(false);
            writer.createStatement().execute("insert into s.line (id) values ('mine')");
            assertThat(Stripe.whole(session, Lines.shape()).notices())
                    .extracting(Problem::code)
                    .containsExactly(PostgresProblem.INDEX_MISSING);
            writer.rollback();
            assertThat(Stripe.whole(session, Lines.shape()).notices()).isEmpty();
            assertThat(place.value(INDEXES)).isEqualTo("1");
        }
    }

    @OnPostgres(18)
    void parentAndChildrenShareATransaction(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.ensure(Lines.shape(), Set.of());
            place.run("alter table s.line add check (amount < 100)");
            List<Change> refused = List.of(
                    Stripe.charge("ch_1", 5),
                    new Change.ChildSet("line", RowKey.of("ch_1"), true, List.of(Lines.row("ch_1", "a", 100))));
            TableException e =
                    catchThrowableOfType(TableException.class, () -> session.commit(Stripe.batch(1, refused)));
            assertThat(e.table()).isEqualTo("line");
            assertThat(place.value("select count(*) from s.charge")).isEqualTo("0");
        }
    }

    @OnPostgres({10, 18})
    void whatKeepsAChildFromGoingIsADeleteRefused(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Lines.shape())) {
            session.commit(Stripe.batch(1, List.of(Lines.set("in_1", true, "a"))));
            place.run("create table public.note (line text references s.line (id))");
            place.run("insert into public.note values ('a')");
            TableException e = catchThrowableOfType(
                    TableException.class, () -> session.commit(Stripe.batch(2, List.of(Lines.set("in_1", true)))));
            assertThat(e.problem().code()).isEqualTo(PostgresProblem.DELETE_REFUSED);
            assertThat(e.table()).isEqualTo("line");
        }
    }

    @OnPostgres({10, 18})
    void aPositionThatIsUniquePerParentMayPassToAnotherRow(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Lines.shape())) {
            session.commit(Stripe.batch(1, List.of(Lines.set("in_1", true, "a"))));
            place.run("create unique index on s.line (invoice, amount)");
            session.commit(Stripe.batch(2, List.of(Lines.set("in_1", true, "b"))));
            assertThat(place.rows("select id from s.line")).containsExactly("b");
        }
    }

    @OnPostgres(15)
    void withoutTheRightToTemporaryTablesSetsAreReplacedToo(int major) {
        try (Place place = Place.on(major)) {
            place.run("revoke temporary on database " + Identifier.quote(place.database()) + " from "
                    + Identifier.quote(place.user()));
            try (DestinationSession session = Stripe.live(place, "s", Lines.shape())) {
                session.commit(Stripe.batch(1, Lines.sets(MANY, 3, 1)));
                assertThat(rows(session.commit(Stripe.batch(2, Lines.sets(MANY, 2, 2)))))
                        .isEqualTo(2L * MANY);
            }
        }
    }

    @OnPostgres(18)
    void aLaneThatFillsBothMakesBothLiveAtOnce(int major) {
        LaneId lane = Stripe.LANE;
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.begun(place, "s", Stripe.charge())) {
            session.ensure(Lines.shape(), Set.of(lane));
            session.begin(Map.of(lane, Stripe.START));
            Committed done = session.commit(new Batch(
                    lane,
                    0,
                    new Checkpoint(Json.of("{}")),
                    List.of(),
                    Map.of("charge", TablePhase.LIVE, "line", TablePhase.LIVE),
                    Map.of()));
            assertThat(done.tables().values()).allMatch(status -> status.phase() == TablePhase.LIVE);
        }
    }
}
