package io.sequin.postgres.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** What {@link LoadBenchmark} measured: a line for each when it is there, and the ratios at the end. */
final class LoadReport {
    /** Of the client's processor time for a million rows, in seconds. */
    private static final double CLIENT_GOAL = 5;

    /** What is loaded, and how. */
    enum Kind {
        FIRST_PASS("first pass into an empty table", OptionalDouble.of(1.1)),
        CHANGED("merged, a tenth changed", OptionalDouble.of(0.9)),
        UNCHANGED("merged, nothing changed", OptionalDouble.empty()),
        COPY("psql \\copy, empty table with key", OptionalDouble.empty());

        private final String words;
        /** Of the ratio to {@code \copy}. */
        private final OptionalDouble goal;

        Kind(String words, OptionalDouble goal) {
            this.words = words;
            this.goal = goal;
        }
    }

    /**
     * One load, in seconds.
     *
     * @param time that the commits took
     * @param server processor time of all of Postgres meanwhile
     * @param thread processor time of the thread that commits, while it did; of {@code \copy}, whose client is psql, 0
     * @param process the same of this whole process
     */
    record Load(Kind kind, int rows, double time, double server, double thread, double process) {
        private double rate() {
            return rows / time;
        }

        private double perMillion(double seconds) {
            return seconds / rows * 1e6;
        }

        private String line() {
            String both = kind == Kind.COPY
                    ? ""
                    : String.format(
                            Locale.ROOT, ", client %5.2f, its process %5.2f", perMillion(thread), perMillion(process));
            return String.format(
                    Locale.ROOT,
                    "%-34s %8.0f rows/s   CPU s per million rows: server %5.2f%s",
                    kind.words,
                    rate(),
                    perMillion(server),
                    both);
        }
    }

    private final List<List<Load>> rounds = new ArrayList<>();

    /** What follows belongs to another round. */
    void nextRound() {
        rounds.add(new ArrayList<>());
    }

    /** Keeps it and prints it. */
    void add(Load load) {
        rounds.getLast().add(load);
        System.out.println(load.line());
    }

    /** Prints what they are of {@code \copy}, round by round and over all, and the client's processor time. */
    void printRatios() {
        List<Load> all = rounds.stream().flatMap(List::stream).toList();
        System.out.println("rows/s of the mean of psql \\copy, each round by its own, then all rounds together");
        for (Kind kind : List.of(Kind.FIRST_PASS, Kind.CHANGED, Kind.UNCHANGED)) {
            StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-34s", kind.words));
            rounds.forEach(round -> line.append(number(ratio(round, kind))));
            line.append("   all").append(number(ratio(all, kind)));
            kind.goal.ifPresent(goal -> line.append("   goal").append(number(goal)));
            System.out.println(line);
        }
        Predicate<Load> ours = load -> load.kind() != Kind.COPY;
        double client = mean(all, ours, load -> load.perMillion(load.thread()));
        double copy = mean(all, load -> load.kind() == Kind.COPY, load -> load.perMillion(load.server()));
        System.out.printf(
                Locale.ROOT,
                "client CPU s per million rows, mean %5.2f   goal %5.2f   its process %5.2f   of what \\copy takes of"
                        + " the server %.2f%n",
                client,
                CLIENT_GOAL,
                mean(all, ours, load -> load.perMillion(load.process())),
                client / copy);
    }

    private static double ratio(List<Load> loads, Kind kind) {
        return mean(loads, load -> load.kind() == kind, Load::rate)
                / mean(loads, load -> load.kind() == Kind.COPY, Load::rate);
    }

    private static double mean(List<Load> loads, Predicate<Load> which, ToDoubleFunction<Load> of) {
        return loads.stream().filter(which).mapToDouble(of).average().orElse(Double.NaN);
    }

    private static String number(double ratio) {
        return String.format(Locale.ROOT, " %6.2f", ratio);
    }
}
