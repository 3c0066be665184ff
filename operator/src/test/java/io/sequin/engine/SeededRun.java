package io.sequin.engine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a random run did.
 *
 * @param points that its threads passed, in their order
 * @param truth what the source held in the end
 * @param wokenOutside how often a thread was woken by one that is none of its: with any the seed may not repeat it
 */
record SeededRun(
        List<String> points, int commits, int reads, Map<String, Map<String, String>> truth, int wokenOutside) {

    /** {@link RandomScheduleTest}'s. */
    static SeededRun ofSchedule(long seed) throws Exception {
        RandomScheduleTest.World world = new RandomScheduleTest.World(seed);
        world.play();
        return of(world.threads, world.engine);
    }

    /** {@link RandomResyncTest}'s. */
    static SeededRun ofResync(long seed) throws Exception {
        RandomResyncTest.World world = new RandomResyncTest.World(seed);
        world.play();
        return of(world.threads, world.engine);
    }

    private static SeededRun of(SeededThreads threads, TestingEngine engine) {
        return new SeededRun(
                threads.trace(),
                engine.database.commits.size(),
                engine.source.reads.size(),
                engine.ledger.truth(),
                threads.wokenOutside());
    }

    /** A line for each point, then what it came to. */
    List<String> lines() {
        List<String> lines = new ArrayList<>(points);
        lines.add(commits + " commits, " + reads + " reads, " + truth);
        return lines;
    }

    /**
     * Writes what a seed does to a file.
     *
     * @param arguments the seed and the file
     */
    public static void main(String[] arguments) throws Exception {
        long seed = Long.parseLong(arguments[0]);
        List<String> lines = new ArrayList<>();
        lines.addAll(ofSchedule(seed).lines());
        lines.addAll(ofResync(seed).lines());
        Files.write(Path.of(arguments[1]), lines);
    }
}
