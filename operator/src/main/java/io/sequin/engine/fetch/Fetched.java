package io.sequin.engine.fetch;

import io.sequin.data.Change;
import io.sequin.engine.order.Answer;
import io.sequin.engine.trouble.LaneException;
import io.sequin.engine.trouble.Trouble;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What became of hints.
 *
 * @param answers the present state of what could be fetched: upserts, deletes and sets of children
 * @param missed hints whose table could not be fetched
 * @param failed why, by table
 * @param unanswered hints of single rows that can't be had, though others of their table can, and why
 * @param rest hints that were not asked for, since the answers take as much memory as may be taken at once: their turn
 *     comes once these are out of the way
 */
public record Fetched(
        List<Answer> answers,
        List<Change.Hint> missed,
        Map<String, Trouble> failed,
        Map<Change.Hint, Trouble> unanswered,
        List<Change.Hint> rest) {

    public Fetched {
        answers = List.copyOf(answers);
        missed = List.copyOf(missed);
        failed = Map.copyOf(failed);
        unanswered = Map.copyOf(unanswered);
        rest = List.copyOf(rest);
    }

    /** @throws LaneException where the table could not be fetched */
    public void require(String table) {
        Trouble why = failed.get(table);
        if (why != null) {
            throw new LaneException(why);
        }
    }

    /** All that was fetched. */
    public List<Change> changes() {
        return answers.stream().flatMap(answer -> answer.changes().stream()).toList();
    }

    /** Without changes of other tables. */
    public Fetched only(Set<String> tables) {
        return new Fetched(
                answers.stream()
                        .map(answer -> new Answer(
                                answer.number(),
                                answer.changes().stream()
                                        .filter(c -> tables.contains(c.table()))
                                        .toList()))
                        .toList(),
                missed,
                failed,
                unanswered,
                rest);
    }
}
