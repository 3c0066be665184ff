package io.sequin.operator.sync;

import static io.sequin.operator.sync.SyncSamples.T0;
import static io.sequin.operator.sync.SyncSamples.failing;
import static io.sequin.operator.sync.SyncSamples.notOffered;
import static io.sequin.operator.sync.SyncSamples.reached;
import static io.sequin.operator.sync.SyncSamples.table;
import static io.sequin.operator.sync.SyncSamples.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Problem;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.TableState;
import io.sequin.source.SourceProblem;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CountersTest {
    private static final Problem PROBLEM = Problem.of(SourceProblem.UNAVAILABLE, "It is down.");

    private final SyncSnapshot live =
            reached(true, Optional.of(T0), table("a", TableState.LIVE), notOffered("without the product"));

    @Test
    void aQuietSyncIsLookedAtFourTimesAPoll() {
        assertThat(usual(30, live)).isEqualTo(15);
        assertThat(usual(120, live)).isEqualTo(30);
        assertThat(usual(600, live)).isEqualTo(120);
        assertThat(usual(2, live)).isEqualTo(15);
    }

    @Test
    void whatIsNotQuietIsLookedAtAsOftenAsItsCountersMayBeWritten() {
        assertThat(usual(600, reached(true, Optional.of(T0), table("a", TableState.BACKFILLING))))
                .isEqualTo(15);
        assertThat(usual(600, reached(true, Optional.of(T0), failing("a", PROBLEM))))
                .isEqualTo(15);
        assertThat(usual(600, reached(false, Optional.empty()))).isEqualTo(15);
        assertThat(usual(600, with(live, Optional.of(PROBLEM), Optional.empty(), Optional.empty())))
                .isEqualTo(15);
        assertThat(usual(600, with(live, Optional.empty(), Optional.of(PROBLEM), Optional.empty())))
                .isEqualTo(15);
        assertThat(usual(600, with(live, Optional.empty(), Optional.empty(), Optional.of(PROBLEM))))
                .isEqualTo(15);
        assertThat(Counters.usual(Duration.ofMinutes(10), Optional.empty())).isEqualTo(Duration.ofSeconds(15));
    }

    private static long usual(int poll, SyncSnapshot snapshot) {
        return Counters.usual(Duration.ofSeconds(poll), Optional.of(snapshot)).toSeconds();
    }
}
