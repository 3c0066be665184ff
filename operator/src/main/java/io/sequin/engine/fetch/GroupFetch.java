package io.sequin.engine.fetch;

import static io.sequin.engine.trouble.Trouble.atSource;

import io.sequin.data.Change;
import io.sequin.data.Problem;
import io.sequin.data.RowKey;
import io.sequin.engine.order.Answer;
import io.sequin.engine.order.RequestOrder;
import io.sequin.engine.trouble.LaneException;
import io.sequin.engine.trouble.Trouble;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Asks for a group of rows of one table, and then for each by itself where the group is refused for what may lie in one of
 * them: a row that can't be had keeps no other.
 *
 * @param source answers for hints of one table
 * @param maxBytes with more no further row of a group is asked for
 * @param flight numbers the requests
 * @param failures of the lane in a row: what is expected to pass is not the row's own before it was waited for
 * @param alone its rows have failed by themselves before
 */
record GroupFetch(HintFetcher.Source source, int maxBytes, RequestOrder.Flight flight, int failures, boolean alone) {
    /** At least so many are asked for one by one in vain before it is the source's trouble, or the table's. */
    private static final int SAMPLE = 3;

    /**
     * What became of a group.
     *
     * @param unanswered the rows that can't be had, and why
     * @param rest the rows that are still to be asked for
     * @param bytes what the answers take in memory
     */
    record Got(List<Answer> answers, Map<Change.Hint, Trouble> unanswered, List<Change.Hint> rest, long bytes) {
        Got(List<Answer> answers, Map<Change.Hint, Trouble> unanswered, List<Change.Hint> rest) {
            this(
                    answers,
                    unanswered,
                    rest,
                    answers.stream()
                            .mapToLong(answer -> Pages.bytes(answer.changes()))
                            .sum());
        }
    }

    /** @throws LaneException where it is not about single rows */
    Got fetch(List<Change.Hint> group) throws InterruptedException {
        try {
            Answer answer = ask(group);
            return new Got(List.of(answer), Map.of(), leftOut(group, answer.changes()));
        } catch (LaneException e) {
            if (!mayLieInOne(e.trouble())) {
                throw e;
            }
            return group.size() == 1 ? lone(group.getFirst(), e) : oneByOne(group, e);
        }
    }

    private Got oneByOne(List<Change.Hint> group, LaneException why) throws InterruptedException {
        List<Answer> answers = new ArrayList<>();
        Map<Change.Hint, Trouble> unanswered = new LinkedHashMap<>();
        long bytes = 0;
        int asked = 0;
        while (asked < group.size() && bytes < maxBytes) {
            Change.Hint hint = group.get(asked++);
            try {
                Answer answer = ask(List.of(hint));
                answers.add(answer);
                bytes += Pages.bytes(answer.changes());
            } catch (LaneException e) {
                if (!mayLieInOne(e.trouble())) {
                    throw e;
                }
                unanswered.put(hint, e.trouble());
                if (answers.isEmpty() && unanswered.size() >= sample(e.trouble(), group.size())) {
                    throw ofTable(group.getFirst().table(), why);
                }
            }
        }
        boolean told = !answers.isEmpty() || unanswered.values().stream().allMatch(this::isItsOwn);
        if (!told) {
            throw why;
        }
        return new Got(answers, unanswered, group.subList(asked, group.size()));
    }

    /** Where waiting has not helped all of the group are asked for, unless each keeps one waiting. */
    private int sample(Trouble trouble, int group) {
        boolean quick =
                trouble.code() == SourceProblem.UNEXPECTED_ANSWER || trouble.code() == SourceProblem.UNAVAILABLE;
        return quick && !trouble.mayPass(failures) ? Math.max(SAMPLE, group) : SAMPLE;
    }

    /** Other tables don't wait for what was waited for already; it is asked for again by the table's own lane. */
    private LaneException ofTable(String table, LaneException why) {
        return why.trouble().mayPass(failures)
                ? why
                : new LaneException(why.trouble().of(table));
    }

    /** No other row tells whether the fault is its own. */
    private Got lone(Change.Hint hint, LaneException why) {
        if (!isItsOwn(why.trouble())) {
            throw why;
        }
        return new Got(List.of(), Map.of(hint, why.trouble()), List.of());
    }

    /** What came without an answer is asked for one by one only once waiting has not helped: each may take a minute. */
    private boolean mayLieInOne(Trouble trouble) {
        return trouble.code() instanceof SourceProblem problem
                && switch (problem) {
                    case UNEXPECTED_ANSWER, UNAVAILABLE -> true;
                    case PERMISSION_DENIED -> trouble.table().isPresent();
                    case UNREACHABLE -> !trouble.mayPass(failures);
                    case AUTHENTICATION_FAILED,
                            ACCOUNT_CHANGED,
                            INVALID_CONFIGURATION,
                            UNKNOWN_TABLE,
                            CURSOR_EXPIRED,
                            NOT_OFFERED,
                            RATE_LIMITED -> false;
                };
    }

    /** A right that is missing is missing for the table, as far as one row can tell. */
    private boolean isItsOwn(Trouble trouble) {
        return alone || (trouble.code() != SourceProblem.PERMISSION_DENIED && !trouble.mayPass(failures));
    }

    private Answer ask(List<Change.Hint> group) throws InterruptedException {
        long number = flight.sent();
        Answer answer = new Answer(number, atSource(() -> source.of(group, maxBytes)));
        requireAll(group, answer.changes());
        return answer;
    }

    private static List<Change.Hint> leftOut(List<Change.Hint> asked, List<Change> changes) {
        Set<Row> answered = changes.stream().map(Row::of).collect(Collectors.toSet());
        return asked.stream().filter(hint -> !answered.contains(Row.of(hint))).toList();
    }

    /**
     * A row without an answer would be lost in silence, unless the answer is as large as it may be; so would the end of
     * children, without a complete set.
     */
    private void requireAll(List<Change.Hint> asked, List<Change> changes) {
        Set<RowKey> keys = asked.stream().map(Change.Hint::key).collect(Collectors.toSet());
        Set<Row> open = new HashSet<>();
        boolean settled = true;
        for (Change change : changes) {
            settled &= keys.contains(change.key()) && !(change instanceof Change.Hint);
            if (change instanceof Change.ChildSet set && !set.complete()) {
                open.add(Row.of(change));
            } else {
                open.remove(Row.of(change));
            }
        }
        int leftOut = leftOut(asked, changes).size();
        boolean full = changes.stream().mapToLong(Change::bytes).sum() >= maxBytes;
        boolean complete = leftOut == 0 || (full && leftOut < asked.size());
        if (!open.isEmpty() || !settled || !complete) {
            SourceException bad = new SourceException(
                    Problem.of(SourceProblem.UNEXPECTED_ANSWER, "The source left out rows that it was asked for."),
                    asked.getFirst().table(),
                    null);
            throw new LaneException(Trouble.of(bad, Trouble.Area.SOURCE), bad);
        }
    }
}
