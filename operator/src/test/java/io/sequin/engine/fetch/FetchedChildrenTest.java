package io.sequin.engine.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sequin.data.AccountId;
import io.sequin.data.Catalog;
import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import io.sequin.data.Json;
import io.sequin.data.Problem;
import io.sequin.data.RowKey;
import io.sequin.engine.order.RequestOrder;
import io.sequin.engine.parts.EngineSettings;
import io.sequin.engine.trouble.LaneException;
import io.sequin.engine.trouble.Trouble;
import io.sequin.source.Lane;
import io.sequin.source.Page;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import io.sequin.source.SourceSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Answers to hints that hold children. */
class FetchedChildrenTest {
    private static final Change.Hint PARENT = new Change.Hint("invoice", RowKey.of("in_1"), false);
    private static final Change.Hint LINES = new Change.Hint("line", RowKey.of("in_1"), false);
    private static final Change INVOICE = new Change.Upsert("invoice", RowKey.of("in_1"), Json.of("{}"));
    private static final Change FIRST = set("a", false);
    private static final Change LAST = set("b", true);

    @Test
    void aParentMayBringItsChildren() throws Exception {
        assertThat(fetch(List.of(PARENT), hints -> List.of(INVOICE, FIRST, LAST)))
                .containsExactly(INVOICE, FIRST, LAST);
    }

    @Test
    void aSetMayComeInPieces() throws Exception {
        assertThat(fetch(List.of(LINES), hints -> List.of(FIRST, LAST))).containsExactly(FIRST, LAST);
    }

    @Test
    void anAnswerThatDoesNotSayWhichChildrenAreGoneIsNone() {
        for (List<Change> answer : List.of(List.<Change>of(FIRST), List.of(LAST, FIRST), List.<Change>of())) {
            Fetcher fetcher = new Fetcher(hints -> answer);
            assertThat(fetcher.fetched(List.of(LINES)).failed().get("line"))
                    .extracting(Trouble::code)
                    .isEqualTo(SourceProblem.UNEXPECTED_ANSWER);
        }
    }

    @Test
    void allPiecesAreKeptForTheNextTry() throws Exception {
        List<Change.Hint> asked = new ArrayList<>();
        Fetcher fetcher = new Fetcher(hints -> {
            asked.addAll(hints);
            if (hints.contains(LINES)) {
                return List.of(FIRST, LAST);
            }
            if (asked.indexOf(PARENT) == asked.lastIndexOf(PARENT)) {
                throw new SourceException(Problem.of(SourceProblem.RATE_LIMITED, "slow down"));
            }
            return List.of(INVOICE);
        });
        HintFetcher one = fetcher.atATime();
        RequestOrder.Flight flight = flight();
        assertThatThrownBy(() -> one.fetch(flight, List.of(LINES, PARENT), 0)).isInstanceOf(LaneException.class);
        assertThat(one.fetch(flight, List.of(LINES, PARENT), 0).changes())
                .containsExactlyInAnyOrder(FIRST, LAST, INVOICE);
        assertThat(asked.stream().filter(LINES::equals)).hasSize(1);
    }

    private static List<Change> fetch(List<Change.Hint> hints, Function<List<Change.Hint>, List<Change>> answers)
            throws InterruptedException {
        return new Fetcher(answers).atATime().fetch(flight(), hints, 0).changes();
    }

    private static RequestOrder.Flight flight() {
        return new RequestOrder().flight(Set.of("invoice", "line"));
    }

    private static Change.ChildSet set(String row, boolean complete) {
        return new Change.ChildSet(
                "line", RowKey.of("in_1"), complete, List.of(new Change.Upsert("line", RowKey.of(row), Json.of("{}"))));
    }

    /** A source that only answers hints. */
    private record Fetcher(Function<List<Change.Hint>, List<Change>> answers) implements SourceSession {
        HintFetcher atATime() {
            EngineSettings s = EngineSettings.defaults();
            return new HintFetcher(
                    this::fetch,
                    new EngineSettings(
                            s.batchRows(),
                            s.batchBytes(),
                            s.batchTime(),
                            s.pageBytes(),
                            s.lanes(),
                            1,
                            1,
                            1_000,
                            s.renewal(),
                            s.listening(),
                            s.backoff()));
        }

        Fetched fetched(List<Change.Hint> hints) {
            try {
                return atATime().fetch(flight(), hints, 0);
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts", e);
            }
        }

        @Override
        public List<Change> fetch(List<Change.Hint> hints, int maxBytes) {
            return answers.apply(hints);
        }

        @Override
        public List<Change> confirm(List<Change.Hint> hints, int maxBytes) {
            return fetch(hints);
        }

        @Override
        public AccountId account() {
            throw new UnsupportedOperationException("only hints");
        }

        @Override
        public Catalog discover() {
            throw new UnsupportedOperationException("only hints");
        }

        @Override
        public Instant sourceNow() {
            throw new UnsupportedOperationException("only hints");
        }

        @Override
        public List<Lane> plan(Catalog catalog, Instant sourceNow) {
            throw new UnsupportedOperationException("only hints");
        }

        @Override
        public Page read(Lane lane, Checkpoint from, int maxBytes) {
            throw new UnsupportedOperationException("only hints");
        }

        @Override
        public void close() {}
    }
}
