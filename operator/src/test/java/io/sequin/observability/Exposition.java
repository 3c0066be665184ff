package io.sequin.observability;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A scrape, read as Prometheus reads it.
 *
 * @param families by name, in the text's order
 */
record Exposition(Map<String, Found> families) {
    private static final Pattern META = Pattern.compile("# (HELP|TYPE) (\\S+) (.*)");
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]\\w*)=\"((?:[^\"\\\\]|\\\\.)*)\",?");

    /** One family. */
    record Found(String help, String type, List<Sample> samples) {}

    /** One line. */
    record Sample(String name, Map<String, String> labels, double value) {}

    static Exposition parse(String text) {
        Map<String, Found> families = new LinkedHashMap<>();
        Map<String, String> helps = new LinkedHashMap<>();
        String family = "";
        for (String line : text.lines().toList()) {
            Matcher meta = META.matcher(line);
            Matcher sample = SAMPLE.matcher(line);
            if (meta.matches() && meta.group(1).equals("HELP")) {
                helps.put(meta.group(2), meta.group(3));
            } else if (meta.matches()) {
                family = meta.group(2);
                Found before = families.put(
                        family, new Found(helps.getOrDefault(family, ""), meta.group(3), new ArrayList<>()));
                if (before != null) {
                    throw new IllegalArgumentException("twice: " + family);
                }
            } else if (sample.matches()) {
                String labels = sample.group(2) == null ? "" : sample.group(2);
                Objects.requireNonNull(families.get(family), line)
                        .samples()
                        .add(new Sample(sample.group(1), labels(labels), Double.parseDouble(sample.group(3))));
            } else {
                throw new IllegalArgumentException("not a line of Prometheus' text format: " + line);
            }
        }
        return new Exposition(families);
    }

    /** The family; an error where there is none. */
    Found family(String name) {
        return Objects.requireNonNull(families.get(name), name);
    }

    /** The value of one series; an error where there is none. */
    double value(String name, Map<String, String> labels) {
        return families.values().stream()
                .flatMap(f -> f.samples().stream())
                .filter(s -> s.name().equals(name) && s.labels().equals(labels))
                .mapToDouble(Sample::value)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no series " + name + labels));
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new LinkedHashMap<>();
        Matcher label = LABEL.matcher(text);
        while (label.find()) {
            labels.put(label.group(1), label.group(2));
        }
        return labels;
    }
}
