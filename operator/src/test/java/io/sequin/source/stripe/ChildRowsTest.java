package io.sequin.source.stripe;

import static io.sequin.source.stripe.WrittenStripe.LINES;
import static io.sequin.source.stripe.WrittenStripe.list;
import static io.sequin.source.stripe.WrittenStripe.missing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sequin.WideBudgets;
import io.sequin.data.Change;
import io.sequin.data.RateCeiling;
import io.sequin.data.RowKey;
import io.sequin.source.Lane;
import io.sequin.source.Page;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What changes, or is refused, between two pages of one parent's rows: each answer is written by the test. */
class ChildRowsTest {
    private static final Change.Hint HINT = new Change.Hint("invoice_line_item", RowKey.of("in_1"), false);

    private final WrittenStripe stripe = new WrittenStripe(WideBudgets.create(), RateCeiling.NONE);

    @AfterEach
    void close() {
        stripe.close();
    }

    private List<String> linesInTheWholeSet() {
        List<Change.ChildSet> sets = stripe.session.fetch(List.of(HINT)).stream()
                .map(Change.ChildSet.class::cast)
                .toList();
        assertThat(sets.getLast().complete()).isTrue();
        return sets.stream()
                .flatMap(set -> set.rows().stream())
                .map(row -> row.key().parts().getFirst())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404})
    void aListThatIsReadAnewDropsWhatItsParentBrought(int status) {
        stripe.invoiceWithTheFirstOfItsLines("il_1", "il_gone");
        stripe.answers(LINES + " il_gone", missing(status, "starting_after", "No such line_item: 'il_gone'"));
        stripe.answers(LINES, new WrittenStripe.Reaction(200, list(false, "il_1", "il_2")));

        assertThat(linesInTheWholeSet()).containsExactly("il_1", "il_2");
    }

    @Test
    void aListThatGoesOnKeepsWhatItsParentBrought() {
        stripe.invoiceWithTheFirstOfItsLines("il_1", "il_2");
        stripe.linesAfter("il_2", true, "il_3");
        stripe.linesAfter("il_3", false, "il_4");

        assertThat(linesInTheWholeSet()).containsExactly("il_1", "il_2", "il_3", "il_4");
    }

    @Test
    void aListThatIsReadAnewDropsTheRowsThatWereReadBefore() {
        stripe.invoiceWithTheFirstOfItsLines("il_1");
        String large = list(true, "il_gone").replace("in_1\"}", "in_1\",\"x\":\"" + "x".repeat(5 << 20) + "\"}");
        stripe.answers(LINES + " il_1", new WrittenStripe.Reaction(200, large));
        stripe.answers(LINES + " il_gone", missing(400, "starting_after", "No such line_item: 'il_gone'"));
        stripe.answers(LINES, new WrittenStripe.Reaction(200, list(false, "il_1", "il_2")));

        assertThat(linesInTheWholeSet()).containsExactly("il_1", "il_2");
    }

    @Test
    void aListThatBeginsAnewInTheMiddleOfItsPiecesIsNotTakenForTheirRest() {
        stripe.invoiceWithTheFirstOfItsLines("il_1");
        stripe.linesAfter("il_1", true, "il_2", "il_3", "il_gone");
        Lane lane = stripe.firstPass();
        Page begun = stripe.session.read(lane, lane.start(), 400);
        assertThat(begun.safe()).isFalse();
        stripe.answers(LINES + " il_gone", missing(400, "starting_after", "No such line_item: 'il_gone'"));
        stripe.answers(LINES, new WrittenStripe.Reaction(200, list(false, "il_1", "il_2")));

        SourceException e =
                catchThrowableOfType(SourceException.class, () -> stripe.session.read(lane, begun.next(), 1 << 20));

        assertThat(e.problem().code()).isEqualTo(SourceProblem.UNAVAILABLE);
        assertThat(e.table()).contains("invoice_line_item");
    }

    @ParameterizedTest
    @ValueSource(strings = {"invoice", "id", "a_name_that_we_do_not_know"})
    void aParentThatGoesMeanwhileHasNoRows(String param) {
        stripe.invoiceWithTheFirstOfItsLines("il_1");
        stripe.linesAfter("il_1", true, "il_2");
        stripe.answers(LINES + " il_2", missing(404, param, "No such invoice: 'in_1'"));

        assertThat(stripe.session.fetch(List.of(HINT)))
                .containsExactly(new Change.ChildSet("invoice_line_item", RowKey.of("in_1"), true, List.of()));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404})
    void thatSomethingElseIsMissingSaysNothingOfTheRows(int status) {
        stripe.invoiceWithTheFirstOfItsLines("il_1");
        stripe.answers(LINES + " il_1", missing(status, "customer", "No such customer: 'cus_1'"));

        SourceException e = catchThrowableOfType(SourceException.class, () -> stripe.session.fetch(List.of(HINT)));

        assertThat(e.problem().code()).isEqualTo(SourceProblem.UNEXPECTED_ANSWER);
        assertThat(e.table()).contains("invoice_line_item");
    }

    @Test
    void anIdThatNothingOfStripesHasNamedIsGoneWhereOnlyTheOtherModeHasIt() {
        stripe.answers("/v1/setup_attempts", inTheOtherMode());

        assertThat(stripe.session.confirm(
                        List.of(new Change.Hint("setup_attempt", RowKey.of("seti_1"), false)), StripeBench.MAX_BYTES))
                .containsExactly(new Change.ChildSet("setup_attempt", RowKey.of("seti_1"), true, List.of()));
    }

    private static WrittenStripe.Reaction inTheOtherMode() {
        return missing(
                400,
                "setup_intent",
                "No such setup_intent: 'seti_1'; a similar object exists in live mode, but a test mode key was used to"
                        + " make this request.");
    }

    @Test
    void aParentInTheOtherModeIsAnotherKeyAndNoMissingParent() {
        stripe.answers("/v1/setup_attempts", inTheOtherMode());

        SourceException e = catchThrowableOfType(
                SourceException.class,
                () -> stripe.session.fetch(List.of(new Change.Hint("setup_attempt", RowKey.of("seti_1"), false))));

        assertThat(e.problem().code()).isEqualTo(SourceProblem.ACCOUNT_CHANGED);
    }
}
