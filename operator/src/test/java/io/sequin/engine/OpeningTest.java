package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.AccountId;
import io.sequin.data.Problem;
import io.sequin.source.SourceProblem;
import org.junit.jupiter.api.Test;

/** What opening a Sync finds, and what it then says. */
class OpeningTest {
    @Test
    void aKeyOfAnotherAccountIsTheSourcesTroubleAndNothingIsWritten() throws InterruptedException {
        TestingEngine engine = new TestingEngine("a");
        TestingEngine.Node first = engine.node();
        first.turn();
        first.turnsUntil(() -> first.table("a").state() == TableState.LIVE);
        int commits = engine.database.commits.size();
        int takes = engine.database.takes();

        engine.source.account = new AccountId("acct_2");
        TestingEngine.Node second = engine.node();
        second.turn();

        assertThat(second.snapshot().source()).map(Problem::code).contains(SourceProblem.ACCOUNT_CHANGED);
        assertThat(second.snapshot().schema()).isEmpty();
        assertThat(second.snapshot().destination()).isEmpty();
        assertThat(engine.database.takes()).isEqualTo(takes);
        assertThat(engine.database.commits).hasSize(commits);
    }
}
