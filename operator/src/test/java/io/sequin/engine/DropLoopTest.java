package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.credentials.CredentialProblem;
import io.sequin.data.Problem;
import io.sequin.data.ProblemException;
import io.sequin.loop.StopReason;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.schema.Dropped;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The last loop of a deleted Sync, and the one of a suspended Sync. */
class DropLoopTest {
    private final TestingEngine engine = new TestingEngine("a");

    private TestingEngine.Node dropping() {
        return engine.node(TestingEngine.plan().with(SyncPlan.Work.DROP));
    }

    private static Removal removal(TestingEngine.Node node) {
        return node.snapshot().removal().orElseThrow();
    }

    @Test
    void theDataIsDroppedOnceAndTheSourceIsNotAsked() throws Exception {
        engine.node().turnsUntil(() -> !engine.database.content().isEmpty());
        TestingEngine.Node node = dropping();
        node.turns(3);
        assertThat(removal(node)).isEqualTo(new Removal.Done(Optional.empty()));
        assertThat(engine.database.dropped()).isEqualTo(1);
        assertThat(engine.database.content()).isEmpty();
        node.loop.close(StopReason.REMOVED);
        assertThat(engine.database.released()).isZero();
        assertThat(engine.database.openSessions()).isOne();
    }

    @Test
    void aFailureIsToldAndTriedAgain() throws Exception {
        TestingEngine.Node node = dropping();
        engine.database.faults = point -> {
            if (point.equals("drop")) {
                throw MemoryDatabase.failure(PostgresProblem.LOCK_TIMEOUT);
            }
        };
        node.turn();
        assertThat(removal(node))
                .isInstanceOfSatisfying(
                        Removal.Trying.class,
                        trying -> assertThat(trying.problem().orElseThrow().code())
                                .isEqualTo(PostgresProblem.LOCK_TIMEOUT));
        engine.database.faults = Faults.NONE;
        node.turn();
        assertThat(removal(node)).isInstanceOf(Removal.Done.class);
    }

    @Test
    void aDatabaseThatIsGoneCountsAsDoneAndASecretThatIsGoneAsHopeless() throws Exception {
        engine.database.faults = point -> {
            throw MemoryDatabase.failure(PostgresProblem.DATABASE_NOT_FOUND);
        };
        TestingEngine.Node gone = dropping();
        gone.turn();
        assertThat(removal(gone)).isEqualTo(new Removal.Done(Optional.empty()));

        Problem secret = Problem.of(CredentialProblem.SECRET_NOT_FOUND, "Secret db does not exist");
        engine.database.faults = point -> {
            throw new ProblemException(secret, null);
        };
        TestingEngine.Node without = dropping();
        without.turn();
        assertThat(removal(without)).isEqualTo(new Removal.Hopeless(secret));
    }

    @Test
    void whatHadToStayIsNamedWithTheStatementThatDropsIt() throws Exception {
        engine.database.keptByOthers =
                new Dropped(List.of(new Dropped.Kept("charge", List.of("view reporting.mrr"))), true);
        TestingEngine.Node node = dropping();
        node.turn();
        assertThat(removal(node)).isInstanceOfSatisfying(Removal.Done.class, done -> {
            Removal.Left left = done.left().orElseThrow();
            assertThat(left.words())
                    .contains("Table charge", "view reporting.mrr")
                    .endsWith("Once that is gone, run:");
            assertThat(left.cure().sql()).isEqualTo("drop table \"ledger\".\"charge\"; drop schema \"ledger\";");
        });
    }

    @Test
    void whoIsToldToKeepTheDataLetsGoOfTheSchema() throws Exception {
        engine.database.faults = point -> {
            if (point.equals("drop")) {
                throw MemoryDatabase.failure(PostgresProblem.CONNECTION_REFUSED);
            }
        };
        TestingEngine.Node node = dropping();
        node.turn();
        node.loop.close(StopReason.REMOVED);
        assertThat(engine.database.released()).isOne();
        assertThat(engine.database.dropped()).isZero();
    }

    @Test
    void aSuspendedSyncTouchesNothingAndLetsGoWhenItIsDeleted() throws Exception {
        TestingEngine.Node node = engine.node(TestingEngine.plan().with(SyncPlan.Work.REST));
        node.turns(2);
        assertThat(engine.database.takes()).isZero();
        node.loop.close(StopReason.REPLACED);
        assertThat(engine.database.released()).isZero();
        node.loop.close(StopReason.REMOVED);
        assertThat(engine.database.released()).isOne();
    }
}
