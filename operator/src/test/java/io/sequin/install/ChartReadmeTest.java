package io.sequin.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of values in the chart's README is what values.yaml says. */
class ChartReadmeTest {
    private static final Path README = Command.CHART.resolve("README.md");
    private static final String COMMAND = "mvn -pl operator -am test -Dtest=ChartReadmeTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Ddocs.write";
    private static final String BEGIN = "<!-- values, generated; write them again with: " + COMMAND + " -->\n";
    private static final Pattern LINE = Pattern.compile("^( *)(?:# ?(.*)|([A-Za-z]+):(?: +(.*))?)$");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A value and the comment above it. */
    private record Value(String text, String comment) {}

    @Test
    void theTableIsWhatValuesYamlSays() throws IOException {
        String readme = Files.readString(README);
        assertThat(readme).contains(BEGIN);
        String expected = readme.substring(0, readme.indexOf(BEGIN)) + BEGIN + table();
        if (System.getProperty("docs.write") != null) {
            Files.writeString(README, expected);
        }
        assertThat(README).as("write the table again: " + COMMAND).content().isEqualTo(expected);
    }

    @Test
    void everyValueHasAComment() throws IOException {
        assertThat(values())
                .allSatisfy(
                        (name, value) -> assertThat(value.comment()).as(name).isNotEmpty());
    }

    @Test
    void theSchemaKnowsTheValuesAndNoOthers() throws IOException {
        Set<String> inSchema = new TreeSet<>();
        JsonNode schema =
                JSON.readTree(Command.CHART.resolve("values.schema.json").toFile());
        JsonNode values =
                Serialization.unmarshal(Files.readString(Command.CHART.resolve("values.yaml")), JsonNode.class);
        leaves(schema, values, "", inSchema);
        // helm adds it to the values of a chart inside another
        inSchema.remove("global");

        assertThat(inSchema.stream().filter(name -> !name.startsWith("resources.")))
                .containsExactlyInAnyOrderElementsOf(values().keySet().stream()
                        .filter(name -> !name.startsWith("resources."))
                        .toList());
    }

    /** Objects with names of their own count as a whole. */
    private static void leaves(JsonNode schema, JsonNode values, String name, Set<String> into) {
        schema.path("properties").properties().forEach(property -> {
            String full = name.isEmpty() ? property.getKey() : name + "." + property.getKey();
            JsonNode value = values.path(property.getKey());
            if (value.isObject() && !value.isEmpty()) {
                leaves(property.getValue(), value, full, into);
            } else {
                into.add(full);
            }
        });
    }

    private static String table() throws IOException {
        StringBuilder table = new StringBuilder("\n| value | default | meaning |\n|---|---|---|\n");
        values().forEach((name, value) -> table.append("| `%s` | `%s` | %s |\n"
                .formatted(name, value.text(), value.comment().replace("|", "\\|"))));
        return table.toString();
    }

    /** Each value that holds no others, by its full name, in the file's order. */
    private static Map<String, Value> values() throws IOException {
        Map<String, Value> values = new LinkedHashMap<>();
        Deque<String> path = new ArrayDeque<>();
        List<String> comment = new ArrayList<>();
        for (String line : Files.readAllLines(Command.CHART.resolve("values.yaml"))) {
            Matcher parts = LINE.matcher(line);
            if (!parts.matches()) {
                comment.clear();
            } else if (parts.group(3) == null) {
                comment.add(parts.group(2));
            } else {
                while (path.size() > parts.group(1).length() / 2) {
                    path.removeLast();
                }
                path.addLast(parts.group(3));
                if (parts.group(4) != null) {
                    values.put(String.join(".", path), new Value(parts.group(4), String.join(" ", comment)));
                }
                comment.clear();
            }
        }
        return values;
    }
}
