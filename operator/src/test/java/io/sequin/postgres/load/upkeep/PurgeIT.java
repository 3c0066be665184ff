package io.sequin.postgres.load.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sequin.OnPostgres;
import io.sequin.data.Deletes;
import io.sequin.data.NewColumns;
import io.sequin.data.Problem;
import io.sequin.data.WriteRules;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import io.sequin.postgres.load.TableStatus;
import io.sequin.postgres.load.Upkeep;
import io.sequin.postgres.schema.WriteTimeouts;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that are marked as deleted, and go once a person has confirmed it: in pieces, and never against what holds them. */
class PurgeIT {
    private static final WriteRules SOFT = new WriteRules(Deletes.SOFT);
    private static final String STATE = "select count(*) filter (where _sync_deleted_at is null),"
            + " count(*) filter (where _sync_deleted_at is not null) from s.charge";
    private static final String COUNTED = "select rows, marked from s._sync_table";

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
            session.commit(Stripe.batch(2, SoftDeletesIT.deletes(rows - 1)));
        }
    }

    @OnPostgres({10, 14, 15, 18})
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
    @ValueSource(ints = 18)
    void whatTakesTooLongIsPurgedInSmallerPieces(int major) {
        WriteTimeouts second = new WriteTimeouts(Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofSeconds(60));
        try (Place place = Place.on(major)) {
            markAll(place, 600);
            String code = code(place);
            place.run("create function slow() returns trigger language plpgsql as"
                    + " 'begin perform pg_catalog.pg_sleep(0.003); return old; end'");
            place.run("create trigger slow before delete on s.charge for each row execute procedure slow()");
            try (DestinationSession session = place.session("s", second, hard(code))) {
                session.take(Place.OWNER, Place.ACCOUNT);
                session.ensure(Stripe.charge(), Set.of(Stripe.LANE));
                TableStatus tooLong = session.tend("charge");
                assertThat(tooLong.left()).isEqualTo(Upkeep.PURGE);
                assertThat(tooLong.notices())
                        .extracting(Problem::code)
                        .containsExactly(PostgresProblem.STATEMENT_TIMEOUT);
                assertThat(Stripe.whole(session, Stripe.charge()).notices()).isEmpty();
                assertThat(place.rows(STATE)).containsExactly("1|0");
                assertThat(place.rows(COUNTED)).containsExactly("1|0");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select from s.charge where id = 'ch_0' for update",
                "lock table s.charge in share mode",
                "lock table s.charge in access exclusive mode"
            })
    void aLockKeepsRowsForAsLongAsItIsHeldAndIsToldAsOne(String lock) throws Exception {
        try (Place place = Place.on(18)) {
            markAll(place, 5);
            try (DestinationSession session = confirmed(place);
                    Connection person = place.server().superuser(place.database())) {
                person.setAutoCommit(false);
                person.createStatement().execute(lock);
                TableStatus locked = session.tend("charge");
                assertThat(locked.left()).isEqualTo(Upkeep.PURGE_REFUSED);
                assertThat(locked.notices()).singleElement().satisfies(told -> {
                    assertThat(told.code()).isEqualTo(PostgresProblem.LOCK_TIMEOUT);
                    assertThat(told.message()).contains("\"charge\"");
                });
                person.rollback();
                TableStatus free = session.tend("charge");
                assertThat(free.left()).isEqualTo(Upkeep.NONE);
                assertThat(free.notices()).isEmpty();
                assertThat(place.rows(STATE)).containsExactly("1|0");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = 18)
    void whoFellSilentWithALockOnMarkedRowsIsEnded(int major) throws Exception {
        try (Place place = Place.on(major)) {
            markAll(place, 5);
            try (DestinationSession session = confirmed(place);
                    Connection silent = place.connect()) {
                silent.setAutoCommit(false);
                silent.createStatement().execute("set application_name = 'sequin s: commit batch'");
                silent.commit();
                silent.createStatement().execute("update s.charge set amount = 0 where id = 'ch_0'");
                assertThat(session.tend("charge").left()).isEqualTo(Upkeep.NONE);
                assertThat(place.rows(STATE)).containsExactly("1|0");
                assertThat(catchThrowable(silent::commit)).as("was ended").isNotNull();
            }
        }
    }

    /** A session that waits for a lock for half a second, and may purge. */
    private static DestinationSession confirmed(Place place) {
        WriteTimeouts hasty = new WriteTimeouts(Duration.ofMillis(500), Duration.ofSeconds(20), Duration.ofSeconds(20));
        DestinationSession session = place.session("s", hasty, hard(code(place)));
        session.take(Place.OWNER, Place.ACCOUNT);
        assertThat(session.ensure(Stripe.charge(), Set.of(Stripe.LANE)).left()).isEqualTo(Upkeep.PURGE);
        return session;
    }

    @OnPostgres({10, 18})
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

    @OnPostgres({10, 18})
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

    @OnPostgres({10, 14, 15, 18})
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

    @OnPostgres({10, 18})
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

    @OnPostgres({10, 18})
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
