package io.sequin.postgres.load.refusal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sequin.OnPostgres;
import io.sequin.data.Change;
import io.sequin.data.Deletes;
import io.sequin.data.NewColumns;
import io.sequin.data.Problem;
import io.sequin.data.WriteRules;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.TableException;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.Lines;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import io.sequin.postgres.load.TableStatus;
import io.sequin.postgres.load.table.TableWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What triggers and policies of users do to our writes without an error. */
class SilentRefusalsIT {
    private static void keeps(Place place, String what, String when) {
        place.run("create function keep() returns trigger language plpgsql as" + " 'begin if " + when
                + " then return null; end if; return new; end'");
        place.run("create trigger keep before " + what + " on s.charge for each row execute procedure keep()");
    }

    private static void keepsDeleted(Place place) {
        place.run("create function keep() returns trigger language plpgsql as 'begin return null; end'");
        place.run("create trigger keep before delete on s.charge for each row execute procedure keep()");
    }

    private static void refused(DestinationSession session, long seq, String id) {
        TableException refused = catchThrowableOfType(
                TableException.class, () -> session.commit(Stripe.batch(seq, List.of(Stripe.delete(id)))));
        assertThat(refused.table()).isEqualTo("charge");
        assertThat(refused.problem().code()).isEqualTo(PostgresProblem.DELETE_REFUSED);
    }

    @OnPostgres({10, 15, 18})
    void aDeleteThatATriggerSwallowsIsRefusedAndDoneOnceItIsDropped(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(1, Stripe.charges(0, 3, 5)));
            keepsDeleted(place);
            refused(session, 2, "ch_1");
            assertThat(session.commit(Stripe.batch(2, List.of(Stripe.delete("never was"))))
                            .changed())
                    .as("what is not there can't be kept")
                    .isZero();
            place.run("drop trigger keep on s.charge");
            session.commit(Stripe.batch(3, List.of(Stripe.delete("ch_1"))));
            assertThat(place.rows("select id from s.charge order by 1")).containsExactly("ch_0", "ch_2");
        }
    }

    @OnPostgres({10, 15, 18})
    void aChildThatATriggerKeepsThoughItsParentHasItNoMoreIsRefusedAloud(int major) {
        for (Deletes deletes : Deletes.values()) {
            WriteRules rules = new WriteRules(deletes, NewColumns.ADD, Optional.empty());
            try (Place place = Place.on(major);
                    DestinationSession session = Stripe.live(place, "s", Lines.shape(), rules)) {
                session.commit(
                        Stripe.batch(1, List.of(Lines.set("in_1", true, "a", "b"), Lines.set("in_2", true, "c"))));
                place.run("create function keep() returns trigger language plpgsql as 'begin return null; end'");
                place.run(
                        "create trigger keep before update or delete on s.line for each row execute procedure keep()");

                TableException refused = catchThrowableOfType(
                        TableException.class,
                        () -> session.commit(Stripe.batch(2, List.of(Lines.set("in_1", true, "a")))));

                assertThat(refused.table()).isEqualTo("line");
                assertThat(refused.problem().code()).isEqualTo(PostgresProblem.DELETE_REFUSED);
                session.commit(Stripe.batch(2, List.of(Lines.set("in_2", true, "c"))));
                place.run("drop trigger keep on s.line");
                session.commit(Stripe.batch(3, List.of(Lines.set("in_1", true, "a"))));
                assertThat(place.rows("select id from s.line where _sync_deleted_at is null order by 1"))
                        .containsExactly("a", "c");
            }
        }
    }

    @OnPostgres({10, 18})
    void aDeleteThatNoPolicyAllowsIsRefusedHardAndSoft(int major) {
        for (Deletes deletes : Deletes.values()) {
            WriteRules rules = new WriteRules(deletes, NewColumns.ADD, Optional.empty());
            try (Place place = Place.on(major);
                    DestinationSession session = Stripe.live(place, "s", Stripe.charge(), rules)) {
                session.commit(Stripe.batch(1, Stripe.charges(0, 3, 5)));
                place.run("alter table s.charge enable row level security");
                place.run("alter table s.charge force row level security");
                place.run("create policy look on s.charge for select using (true)");
                refused(session, 2, "ch_1");
                place.run("alter table s.charge no force row level security");
                session.commit(Stripe.batch(2, List.of(Stripe.delete("ch_1"))));
                assertThat(place.rows("select id from s.charge where _sync_deleted_at is null order by 1"))
                        .containsExactly("ch_0", "ch_2");
            }
        }
    }

    @OnPostgres({10, 15, 18})
    void rowsThatATriggerKeepsOutAreToldAndNotCounted(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(1, Stripe.charges(0, 3, 5)));
            keeps(place, "insert or update", "new.amount = 7");
            List<Change> some = new ArrayList<>(Stripe.charges(0, 2, 6));
            some.addAll(Stripe.charges(10, 13, 7));
            some.add(Stripe.charge("ch_20", 8));
            TableStatus told = told(session, Stripe.batch(2, some));
            assertThat(told.rows()).isEqualTo(4);
            assertThat(told.notices()).extracting(Problem::code).containsExactly(PostgresProblem.ROWS_KEPT_OUT);
            assertThat(told.notices().getFirst().message()).contains("\"charge\"", "trigger");

            List<Change> staged = new ArrayList<>(Stripe.charges(0, 2, 7));
            staged.addAll(Stripe.charges(100, 100 + TableWriter.STAGING_ROWS, 9));
            told = told(session, Stripe.batch(3, staged));
            assertThat(told.rows()).isEqualTo(4 + TableWriter.STAGING_ROWS);
            assertThat(told.rows()).isEqualTo(Long.parseLong(place.value("select count(*) from s.charge")));
        }
    }

    @OnPostgres({10, 15, 18})
    void updatesThatATriggerKeepsOutAreToldAndRowsThatItChangesAreNot(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(1, Stripe.charges(0, 3, 5)));
            place.run("create function change() returns trigger language plpgsql as"
                    + " 'begin new.amount := 1; return new; end'");
            place.run("create trigger change before insert or update on s.charge"
                    + " for each row execute procedure change()");
            TableStatus changed = told(session, Stripe.batch(2, Stripe.charges(2, 5, 6)));
            assertThat(changed.notices()).isEmpty();
            assertThat(changed.rows()).isEqualTo(5);
            place.run("drop trigger change on s.charge");
            keeps(place, "update", "true");
            TableStatus kept = told(session, Stripe.batch(3, Stripe.charges(0, 2, 8)));
            assertThat(kept.notices()).extracting(Problem::code).containsExactly(PostgresProblem.ROWS_KEPT_OUT);
            assertThat(kept.rows()).isEqualTo(5);
        }
    }

    private static TableStatus told(DestinationSession session, Batch batch) {
        return Objects.requireNonNull(session.commit(batch).tables().get("charge"));
    }
}
