package io.sequin.postgres.load.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sequin.OnPostgres;
import io.sequin.data.Change;
import io.sequin.data.Json;
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
import io.sequin.postgres.load.row.Rejected;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Records that are set aside, and what becomes of them. */
class QuarantineIT {
    private static final String ENTRIES = "select key, reason from s._sync_error order by key";
    private static final String COUNTED = "select errors from s._sync_table where name = 'charge'";

    /** Only the server sees what is wrong with it. */
    private static Change.Upsert bad(String id) {
        return Stripe.upsert("charge", id, "{\"metadata\":1e999999}");
    }

    /** The converter sees it. */
    private static Change.Upsert unreadable(String id) {
        return Stripe.upsert("charge", id, "{");
    }

    @OnPostgres({10, 14, 15, 18})
    void aLaterApplyOrDeleteOfTheKeyClearsItsEntry(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(1, List.of(bad("a"), unreadable("b"), bad("c"), Stripe.charge("d", 1))));
            assertThat(place.rows(ENTRIES))
                    .containsExactly("{a}|NumberOutOfRange", "{b}|NotJson", "{c}|NumberOutOfRange");
            Committed done = session.commit(Stripe.batch(2, List.of(Stripe.charge("a", 1), Stripe.delete("b"))));
            assertThat(Objects.requireNonNull(done.tables().get("charge")).errors())
                    .isEqualTo(1);
            assertThat(place.rows(ENTRIES)).containsExactly("{c}|NumberOutOfRange");
            assertThat(place.value(COUNTED)).isEqualTo("1");
            session.commit(Stripe.batch(3, List.of(unreadable("c"))));
            assertThat(place.rows(ENTRIES)).as("what was last refused").containsExactly("{c}|NotJson");
            session.commit(Stripe.batch(4, List.of(Stripe.delete("c"))));
            assertThat(place.rows(ENTRIES)).isEmpty();
            assertThat(place.value(COUNTED)).isEqualTo("0");
        }
    }

    @OnPostgres({10, 18})
    void theOldVersionOfTheRowStaysAndTheSameRecordIsNotWrittenTwice(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(1, List.of(Stripe.charge("a", 7))));
            session.commit(Stripe.batch(2, List.of(bad("a"))));
            assertThat(place.rows("select id, amount from s.charge")).containsExactly("a|7");
            String version = place.value("select xmin || ' ' || ctid || ' ' || xmax from s._sync_error");
            session.commit(Stripe.batch(3, List.of(bad("a"))));
            assertThat(place.value("select xmin || ' ' || ctid || ' ' || xmax from s._sync_error"))
                    .isEqualTo(version);
        }
    }

    @OnPostgres({10, 14, 15, 18})
    void manyBadRecordsInALargeBatchAreFoundInOneGo(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            List<Change> changes = new ArrayList<>(Stripe.charges(0, 4_000, 1));
            for (int i = 0; i < Rejected.FEW; i++) {
                changes.set(i * 37, i % 2 == 0 ? bad("bad_" + i) : unreadable("bad_" + i));
            }
            assertThat(session.commit(Stripe.batch(1, changes)).changed()).isEqualTo(4_000 - Rejected.FEW);
            assertThat(place.value(COUNTED)).isEqualTo("" + Rejected.FEW);
        }
    }

    @OnPostgres({10, 18})
    void aBatchThatIsMostlyBadStopsItsTableAndNothingIsWritten(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            for (int way = 0; way < 2; way++) {
                List<Change> changes = new ArrayList<>(Stripe.charges(0, 4_000, 1));
                for (int i = 0; i <= Rejected.FEW; i++) {
                    changes.set(i, way == 0 ? bad("bad_" + i) : unreadable("bad_" + i));
                }
                TableException refused =
                        catchThrowableOfType(TableException.class, () -> session.commit(Stripe.batch(1, changes)));
                assertThat(refused.problem().code()).isEqualTo(PostgresProblem.MASS_REJECTION);
                assertThat(refused.table()).isEqualTo("charge");
            }
            assertThat(place.rows("select (select count(*) from s.charge), (select count(*) from s._sync_error)"))
                    .containsExactly("0|0");
        }
    }

    @OnPostgres(18)
    void onePercentOfALargeBatchIsStillSetAside(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            List<Change> changes = new ArrayList<>(Stripe.charges(0, 20_000, 1));
            for (int i = 0; i < 200; i++) {
                changes.set(i * 50, unreadable("bad_" + i));
            }
            session.commit(Stripe.batch(1, changes));
            assertThat(place.value(COUNTED)).isEqualTo("200");
        }
    }

    @OnPostgres({10, 18})
    void aChildsEntryGoesWithTheSetThatNamesItNoMore(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Lines.shape())) {
            Change.Upsert bad = new Change.Upsert("line", RowKey.of("b"), Json.of("{\"x\":1e999999}"));
            List<Change.Upsert> rows = List.of(Lines.row("in_1", "a"), bad);
            session.commit(Stripe.batch(1, List.of(new Change.ChildSet("line", RowKey.of("in_1"), true, rows))));
            assertThat(place.rows("select key, parent from s._sync_error")).containsExactly("{b}|in_1");
            session.commit(Stripe.batch(2, List.of(Lines.set("in_2", true, "c"))));
            session.commit(Stripe.batch(3, List.of(new Change.ChildSet("line", RowKey.of("in_1"), true, rows))));
            assertThat(place.rows("select key, parent from s._sync_error")).containsExactly("{b}|in_1");
            Committed gone = session.commit(Stripe.batch(4, List.of(Lines.set("in_1", true, "a"))));
            assertThat(Objects.requireNonNull(gone.tables().get("line")).errors())
                    .isZero();
            assertThat(place.value("select count(*) from s._sync_error")).isEqualTo("0");
        }
    }

    @OnPostgres({10, 15, 18})
    void withoutTheRightToTemporaryTablesTheOneRecordIsFoundToo(int major) {
        try (Place place = Place.on(major)) {
            place.run("revoke temporary on database " + Identifier.quote(place.database()) + " from "
                    + Identifier.quote(place.user()));
            try (DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
                List<Change> changes = new ArrayList<>(Stripe.charges(0, 2_500, 1));
                changes.set(1_700, bad("a"));
                assertThat(session.commit(Stripe.batch(1, changes)).changed()).isEqualTo(2_499);
                assertThat(place.rows(ENTRIES)).containsExactly("{a}|NumberOutOfRange");
            }
        }
    }

    @OnPostgres({10, 18})
    void whatUsersHangOnTheTableIsNoMatterOfTheRecord(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            for (String check : List.of("amount < 5", "1 / (amount - 6) < 5")) {
                place.run("alter table s.charge add constraint mine check (" + check + ")");
                TableException refused = catchThrowableOfType(
                        TableException.class,
                        () -> session.commit(Stripe.batch(1, List.of(Stripe.charge("a", 6), bad("b")))));
                assertThat(refused.problem().code()).isEqualTo(PostgresProblem.RECORD_REJECTED);
                assertThat(place.value("select count(*) from s._sync_error")).isEqualTo("0");
                place.run("alter table s.charge drop constraint mine");
            }
        }
    }

    @OnPostgres(18)
    void theCountIsTakenAnewWhereAUserDeletedEntriesAndGoesWithItsTable(int major) {
        try (Place place = Place.on(major)) {
            try (DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
                session.commit(Stripe.batch(1, List.of(bad("a"), bad("b"))));
                place.run("delete from s._sync_error where key = '{a}'");
                assertThat(session.ensure(Stripe.charge(), Set.of()).errors()).isEqualTo(1);
                assertThat(place.value(COUNTED)).isEqualTo("1");
            }
            place.run("drop table s.charge");
            try (DestinationSession session = Stripe.begun(place, "s", Stripe.charge())) {
                assertThat(place.rows(ENTRIES)).isEmpty();
                assertThat(place.value(COUNTED)).isEqualTo("0");
                session.commit(new Batch(
                        Stripe.LANE, 0, Stripe.START, List.of(bad("c")), Map.of("charge", TablePhase.LIVE), Map.of()));
            }
            place.run("drop table s._sync_error");
            try (DestinationSession session = place.taken("s")) {
                assertThat(session.ensure(Stripe.charge(), Set.of()).errors()).isZero();
            }
        }
    }
}
