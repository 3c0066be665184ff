package io.sequin.source.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.source.stripe.TableSpec.Parent;
import io.sequin.source.stripe.TableSpec.Rhythm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The list of tables in docs/stripe.md is what the registry says. */
class StripePageTest {
    private static final Path PAGE = Path.of("../docs/stripe.md");
    private static final String COMMAND =
            "mvn -pl operator -am test -Dtest=StripePageTest" + " -Dsurefire.failIfNoSpecifiedTests=false -Ddocs.write";
    private static final String BEGIN = "<!-- written by: " + COMMAND + " -->\n";
    private static final String END = "<!-- end -->";

    @Test
    void theListOfTablesIsWhatTheRegistrySays() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END, begin);
        assertThat(page).contains(BEGIN, END);
        String wanted = page.substring(0, begin) + list() + page.substring(end);
        if (System.getProperty("docs.write") != null) {
            Files.writeString(PAGE, wanted);
        }
        assertThat(PAGE).as("write the list again: " + COMMAND).content().isEqualTo(wanted);
    }

    private static String list() {
        StringBuilder out = new StringBuilder("| table | Stripe's object | right | followed by |\n|---|---|---|---|\n");
        for (StripeTable table : StripeTables.all()) {
            out.append("| `")
                    .append(table.name())
                    .append("` | `")
                    .append(table.object())
                    .append("` | ")
                    .append(table.permission())
                    .append(" | ")
                    .append(String.join("; ", followed(table)))
                    .append(" |\n");
        }
        return out.toString();
    }

    private static List<String> followed(StripeTable table) {
        List<String> ways = new ArrayList<>();
        Parent parent = table.spec().parent().orElse(null);
        if (parent != null && parent.owns()) {
            ways.add((parent.embedded() == null ? "asked for by " : "comes with ") + "`" + parent.table() + "`");
        } else if (parent != null) {
            ways.add("listed by `" + parent.table() + "`");
        }
        for (String prefix : table.spec().events()) {
            ways.add("`" + prefix + ".*`");
        }
        table.spec().related().forEach(related -> ways.add("`" + related.events() + ".*`"));
        switch (table.spec().rhythm()) {
            case Rhythm.Events none -> {}
            case Rhythm.NewRows rows -> {
                ways.add("new rows each " + words(LanePlan.NEW_EVERY));
                if (!rows.open().isEmpty()) {
                    ways.add(open(rows.open().stream().sorted().toList(), LanePlan.OPEN_EVERY));
                }
            }
            case Rhythm.OpenRows rows ->
                ways.add(open(rows.open().stream().sorted().toList(), rows.every()));
            case Rhythm.WholeList whole -> ways.add("whole list each " + words(whole.every()));
        }
        return ways;
    }

    private static String open(List<String> states, Duration every) {
        return "`" + String.join("`, `", states) + "` again each " + words(every);
    }

    private static String words(Duration every) {
        if (every.toMinutes() == 1) {
            return "minute";
        }
        if (every.toHours() == 1) {
            return "hour";
        }
        return every.toHours() > 0 ? every.toHours() + " hours" : every.toMinutes() + " minutes";
    }
}
