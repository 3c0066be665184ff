package io.sequin.postgres.load.resync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sequin.data.DeleteGuard;
import io.sequin.data.ResyncRequest;
import io.sequin.data.RowKey;
import io.sequin.data.Scope;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.FencedOut;
import io.sequin.postgres.load.Passes;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A full pass of a writer whose schema another one has taken meanwhile. */
class FencedPassIT {
    private static final Set<String> TABLES = Set.of("charge");
    private static final int ROWS = 300;
    private static final int MET = 250;

    private static Place place() {
        return Place.durable(18);
    }

    /** A pass at its end, which has met some of the rows. */
    private static DestinationSession listed(Place place, int rows, int met) {
        DestinationSession session = Stripe.live(place, "s", Stripe.charge());
        session.commit(Stripe.batch(1, Stripe.charges(0, rows, 1)));
        Resync pass = new Resync(session, "charge");
        pass.page(Stripe.charges(0, met, 1));
        pass.complete();
        return session;
    }

    private static Passes.Swept sweep(DestinationSession session) {
        return sweep(session, Map.of());
    }

    private static Passes.Swept sweep(DestinationSession session, Map<String, Scope> scopes) {
        DeleteGuard any = new DeleteGuard(100, Optional.empty());
        return session.passes().sweep(new Passes.Sweep(Resync.LANE, "charge", scopes, any));
    }

    static Stream<Arguments> works() {
        return Stream.of(
                work("request", passes -> passes.request(Optional.of(new ResyncRequest("now", Set.of())), TABLES)),
                work("start", passes -> passes.start(Resync.LANE, Passes.Listing.of(TABLES), Stripe.START)),
                work("complete", passes -> passes.complete(Resync.LANE)),
                work("asked", passes -> passes.asked(Resync.LANE, "charge", RowKey.of("ch_7"))),
                work("finish", passes -> passes.finish(Resync.LANE, TABLES)),
                work("forget", passes -> passes.forget(TABLES)));
    }

    private static Arguments work(String what, Consumer<Passes> work) {
        return arguments(what, work);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("works")
    void anEarlierWriterRecordsNothingOfItsPass(String what, Consumer<Passes> work) {
        try (Place place = place();
                DestinationSession earlier = listed(place, ROWS, MET)) {
            FencedOut.assertRefused(place, () -> work.accept(earlier.passes()));
        }
    }

    @Test
    void anEarlierWriterDoesNotRecordWhatItNeedNotAskFor() {
        int all = Sweeper.CHUNK + 5;
        Map<String, Scope> scopes = Map.of("charge", Scope.ALL.by(Scope.Word.ROW));
        try (Place place = place();
                DestinationSession earlier = listed(place, all, all)) {
            FencedOut.assertRefused(place, () -> sweep(earlier, scopes));
        }
    }

    @Test
    void anEarlierWriterApprovesNoDeletion() {
        try (Place place = place();
                DestinationSession earlier = listed(place, ROWS, MET)) {
            FencedOut.assertRefused(place, () -> sweep(earlier));
        }
    }

    @Test
    void anEarlierWriterDeletesNothingThatItHadApproved() {
        try (Place place = place();
                DestinationSession earlier = listed(place, ROWS, MET)) {
            assertThat(sweep(earlier)).as("approves").isInstanceOf(Passes.Swept.More.class);
            FencedOut.assertRefused(place, () -> sweep(earlier));
            assertThat(place.value("select count(*) from s.charge")).isEqualTo("" + ROWS);
        }
    }

    @Test
    void anEarlierWriterDoesNotEndADeletionThatFindsNothingLeft() {
        try (Place place = place();
                DestinationSession earlier = listed(place, ROWS, MET)) {
            assertThat(sweep(earlier)).as("approves").isInstanceOf(Passes.Swept.More.class);
            place.run("delete from s.charge where substr(id, 4)::int >= " + MET);
            FencedOut.assertRefused(place, () -> sweep(earlier));
        }
    }
}
