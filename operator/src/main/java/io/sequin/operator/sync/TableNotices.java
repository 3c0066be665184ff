package io.sequin.operator.sync;

import io.sequin.data.Problem;
import io.sequin.engine.ResyncProgress;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.TableProgress;
import io.sequin.operator.kube.Text;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a person should know of each table, whatever the conditions have room for. Pure.
 *
 * @param waiting by table: why a re-sync of it waits
 * @param schema the synced schema
 */
record TableNotices(Map<String, Problem> waiting, String schema) {
    static TableNotices of(SyncSnapshot snapshot, String schema) {
        return new TableNotices(snapshot.resync().map(ResyncProgress::waiting).orElse(Map.of()), schema);
    }

    /** What is wrong with it, then what waits for a person: a code must never be missing here. */
    List<Problem> problems(TableProgress table) {
        return Stream.of(
                        table.problem().stream(),
                        Stream.ofNullable(waiting.get(table.name())),
                        table.notices().stream())
                .flatMap(some -> some)
                .toList();
    }

    /** In words, each notice bounded by itself, so that a long one hides none; null where there is nothing to say. */
    @Nullable
    String message(TableProgress table) {
        return Stream.concat(
                        problems(table).stream().map(Problem::message),
                        SetAside.message(List.of(table), schema).stream())
                .map(Text::shortMessage)
                .distinct()
                .reduce((all, next) -> Text.sentence(all) + " " + next)
                .orElse(null);
    }

    /** Whether a person should look at it, though it works. */
    boolean isNoted(TableProgress table) {
        return table.errors() > 0 || !table.notices().isEmpty() || waiting.containsKey(table.name());
    }

    /** The first notice of tables that work, with the names of the others that have one; empty where none has. */
    static Optional<Problem> first(List<TableProgress> tables) {
        return tables.stream().filter(t -> !t.notices().isEmpty()).findFirst().map(first -> {
            Problem shown = first.notices().getFirst();
            List<String> others = tables.stream()
                    .filter(t -> t.errors() > 0 || t.notices().size() > (t.equals(first) ? 1 : 0))
                    .map(TableProgress::name)
                    .toList();
            return Problem.of(shown.code(), withOthers(shown.message(), others));
        });
    }

    /** A condition shows one message; where the others are. */
    static String withOthers(String message, Collection<String> others) {
        return others.isEmpty()
                ? message
                : Text.sentence(message) + " There is more to see, in status.tables: " + Summary.names(others) + ".";
    }
}
