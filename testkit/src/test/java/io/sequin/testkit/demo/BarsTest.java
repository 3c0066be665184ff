package io.sequin.testkit.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BarsTest {
    private static final int WIDE = 200;

    private static TableProgress table(String name, long rows, long total, double perSecond) {
        return new TableProgress(name, "Backfilling", rows, OptionalLong.of(total), perSecond);
    }

    @Test
    void aTableWhoseWholeIsKnownIsABar() {
        String line = Bars.lines(List.of(table("customer", 5_000, 20_000, 1_234)), WIDE)
                .getFirst();

        assertThat(line)
                .startsWith("customer ")
                .contains("█████░░░░░░░░░░░░░░░", "5,000/20,000", "+1,234/s", "Backfilling");
    }

    @Test
    void withoutAnEstimateItIsACounter() {
        TableProgress lines = new TableProgress("invoice_line_item", "Live", 1_234, OptionalLong.empty(), 0);

        assertThat(Bars.lines(List.of(lines), WIDE).getFirst())
                .contains("1,234", "Live")
                .doesNotContain("█", "░", "/s");
    }

    @Test
    void anEmptyTableIsFullAndATableWithMoreRowsThanTheSourceIsNotMoreThanFull() {
        assertThat(Bars.lines(List.of(table("coupon", 0, 0, 0)), WIDE).getFirst())
                .contains("█".repeat(20) + " ");
        assertThat(Bars.lines(List.of(table("coupon", 9, 8, 0)), WIDE).getFirst())
                .contains("█".repeat(20) + " ", "9/8");
    }

    @Test
    void whatMovesComesFirstThenWhatIsNotFull() {
        List<String> lines =
                Bars.lines(List.of(table("full", 9, 9, 0), table("waiting", 1, 9, 0), table("moving", 9, 9, -3)), WIDE);

        assertThat(lines)
                .extracting(line -> line.substring(0, line.indexOf(' ')))
                .containsExactly("moving", "waiting", "full");
    }

    @Test
    void moreTablesThanFitAreSummedUpInTheLastLine() {
        List<TableProgress> many = IntStream.range(0, 40)
                .mapToObj(i -> table("t" + i, 10, i == 39 ? 20 : 10, 0))
                .toList();

        List<String> lines = Bars.lines(many, WIDE);

        assertThat(lines).hasSize(Bars.MOST_LINES);
        assertThat(lines.getFirst()).startsWith("t39 ");
        assertThat(lines.getLast()).isEqualTo("… and 25 more tables, 25 of them full: 250 rows");
    }

    @Test
    void noLineIsWiderThanTheTerminal() {
        List<TableProgress> tables = List.of(table("a_table_with_a_name_that_is_too_long_to_show", 1, 2, 3));

        assertThat(Bars.lines(tables, 40))
                .allSatisfy(line -> assertThat(line).hasSize(40).endsWith("…"));
    }
}
