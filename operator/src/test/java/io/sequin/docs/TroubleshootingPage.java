package io.sequin.docs;

import io.sequin.credentials.CredentialProblem;
import io.sequin.data.ProblemCode;
import io.sequin.data.Remedy;
import io.sequin.operator.destination.DestinationReason;
import io.sequin.operator.kube.SpecProblem;
import io.sequin.operator.sync.SyncProblem;
import io.sequin.operator.sync.SyncReason;
import io.sequin.postgres.PostgresProblem;
import io.sequin.source.SourceProblem;
import io.sequin.verify.VerifiedReason;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** {@code docs/troubleshooting.md}: every reason that a condition can have, from the enums. */
final class TroubleshootingPage {
    /** The enums of problems, with their headings. */
    static final Map<String, Class<? extends Enum<?>>> PROBLEMS = problems();

    private static final String INTRODUCTION = """
            # Troubleshooting

            <!-- Generated from the enums of reasons and their docstrings. Write it again with:
                 THE_COMMAND -->

            Look at the conditions first: `kubectl describe sync NAME` and `kubectl describe destination NAME`. Each condition has a `reason`, one of the words below, and a `message` that says what happened and what to do. Where SQL cures it, `status.instructions` has the statements, ready to paste:

            ```sh
            kubectl get sync NAME -o jsonpath='{range .status.instructions[*]}{.summary}{"\\n  run as: "}{.runAs}{"\\n  "}{.sql}{"\\n"}{end}'
            ```

            The operator tries again by itself; nothing needs a restart.

            ## What a class means

            | Class | Who cures it | `Reconciling` and `Stalled` |
            |---|---|---|
            | Invalid | an edit of this object | `Stalled=True` at once |
            | Waiting | another object or person: a Secret, a key, a grant | `Reconciling=True` for 2 minutes, then `Stalled=True` |
            | Transient | it is expected to pass by itself | `Reconciling=True` for 5 minutes, then `Stalled=True` |
            | Bug | us: please report it with the operator's log | as Transient |

            A Sync whose only trouble is its Destination is never `Stalled`. The loops go on trying while an object is `Stalled`, and it recovers without a hand as soon as the cause is gone; `CursorExpired` alone waits for the steps below.
            """;

    private TroubleshootingPage() {}

    private static Map<String, Class<? extends Enum<?>>> problems() {
        Map<String, Class<? extends Enum<?>>> all = new LinkedHashMap<>();
        all.put("Secrets", CredentialProblem.class);
        all.put("Postgres", PostgresProblem.class);
        all.put("The source", SourceProblem.class);
        all.put("A Sync and its Destination", SyncProblem.class);
        all.put("The manifest", SpecProblem.class);
        return all;
    }

    /**
     * The whole page.
     *
     * @param command writes the page again
     */
    static String text(String command) {
        StringBuilder page = new StringBuilder(INTRODUCTION.replace("THE_COMMAND", command));
        PROBLEMS.forEach((heading, type) -> {
            page.append("\n## ").append(heading).append("\n\n| Reason | Class | Meaning and cure |\n|---|---|---|\n");
            DocumentedEnum documented = new DocumentedEnum(type);
            for (Enum<?> constant : type.getEnumConstants()) {
                ProblemCode code = (ProblemCode) constant;
                row(page, code.reason(), inWords(code.remedy()), documented.meaning(constant));
            }
        });
        page.append("\n## Other reasons\n");
        others(page, "Conditions of a Sync", SyncReason.values(), SyncReason.class, SyncReason::text);
        others(
                page,
                "Conditions of a Destination",
                DestinationReason.values(),
                DestinationReason.class,
                DestinationReason::text);
        others(page, "Stages of a Destination", VerifiedReason.values(), VerifiedReason.class, VerifiedReason::text);
        page.append("\n`Ready=Unknown` with reason `Pending` means that the operator has not seen the object yet. If"
                + " that lasts, look whether the operator runs and watches this namespace.\n");
        return page.toString();
    }

    private static <E extends Enum<E>> void others(
            StringBuilder page, String heading, E[] constants, Class<E> type, Function<E, String> reason) {
        page.append("\n### ").append(heading).append("\n\n| Reason | Meaning |\n|---|---|\n");
        DocumentedEnum documented = new DocumentedEnum(type);
        for (E constant : constants) {
            row(page, reason.apply(constant), documented.meaning(constant));
        }
    }

    private static void row(StringBuilder page, String reason, String... cells) {
        page.append("| `").append(reason).append('`');
        List.of(cells).forEach(cell -> page.append(" | ").append(cell));
        page.append(" |\n");
    }

    private static String inWords(Remedy remedy) {
        return switch (remedy) {
            case INVALID -> "Invalid";
            case WAITING -> "Waiting";
            case TRANSIENT -> "Transient";
            case BUG -> "Bug";
        };
    }
}
