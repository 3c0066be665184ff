package io.sequin.operator.destination;

import io.sequin.api.v1alpha1.Condition;
import io.sequin.api.v1alpha1.DestinationStatus;
import io.sequin.api.v1alpha1.ServerStatus;
import io.sequin.data.Instruction;
import io.sequin.data.Problem;
import io.sequin.operator.kube.Conditions;
import io.sequin.operator.kube.Cures;
import io.sequin.operator.kube.Finding;
import io.sequin.operator.kube.Reading;
import io.sequin.operator.kube.Resources;
import io.sequin.operator.kube.Stalling;
import io.sequin.verify.DestinationPlan;
import io.sequin.verify.DestinationSnapshot;
import io.sequin.verify.ServerInfo;
import io.sequin.verify.Stage;
import io.sequin.verify.StageResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Projects what is known of a Destination onto its status. Pure. */
final class DestinationStatusProjection {
    static final Set<String> STAGES =
            Stream.of(Stage.values()).map(Stage::condition).collect(Collectors.toUnmodifiableSet());

    private DestinationStatusProjection() {}

    /**
     * A status, and when it changes by the passing of time alone.
     *
     * @param status to be written unless it was
     */
    record Projected(DestinationStatus status, Optional<Instant> next) {}

    static Projected project(DestinationView view, Instant now) {
        return switch (view.plan()) {
            case Reading.Invalid<DestinationPlan> invalid -> failed(view, invalid.problem(), notReached(), now);
            case Reading.Valid<DestinationPlan> valid ->
                view.verdict()
                        .map(verdict -> judged(view, verdict, now))
                        .orElseGet(
                                () -> new Projected(view.observed() ? recounted(view) : verifying(view, now), none()));
        };
    }

    private static DestinationStatus recounted(DestinationView view) {
        DestinationStatus last = view.last();
        return new DestinationStatus(
                last.observedGeneration(), last.conditions(), last.server(), last.instructions(), view.syncs());
    }

    private static DestinationStatus verifying(DestinationView view, Instant now) {
        String reason = DestinationReason.VERIFYING.text();
        String message = "The connection and the grants are being verified.";
        List<Finding> findings = List.of(
                Finding.unknown(Finding.READY, reason, message), Finding.yes(Finding.RECONCILING, reason, message));
        DestinationStatus last = view.last();
        return new DestinationStatus(
                last.observedGeneration(),
                Conditions.next(last.conditions(), findings, STAGES, view.generation(), now),
                last.server(),
                last.instructions(),
                view.syncs());
    }

    private static Projected judged(DestinationView view, DestinationSnapshot verdict, Instant now) {
        List<Finding> stages =
                Stream.of(Stage.values()).map(stage -> finding(stage, verdict)).toList();
        Optional<Problem> failure = Stream.of(Stage.values())
                .map(stage -> result(verdict, stage))
                .flatMap(result ->
                        result instanceof StageResult.Failed failed ? Stream.of(failed.problem()) : Stream.of())
                .findFirst();
        if (failure.isPresent()) {
            return failed(view, failure.get(), stages, now);
        }
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.yes(Finding.READY, DestinationReason.VERIFIED.text(), welcome(verdict)));
        findings.addAll(stages);
        return new Projected(status(view, findings, now), none());
    }

    private static Projected failed(DestinationView view, Problem problem, List<Finding> stages, Instant now) {
        Stalling.Outlook outlook =
                Stalling.of(problem, Stalling.failingSince(view.last().conditions(), now), now);
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.no(Finding.READY, problem.code().reason(), problem.message()));
        findings.addAll(stages);
        findings.add(outlook.finding());
        return new Projected(status(view, findings, now), outlook.next());
    }

    private static DestinationStatus status(DestinationView view, List<Finding> findings, Instant now) {
        List<Condition> conditions =
                Conditions.next(view.last().conditions(), findings, Set.of(), view.generation(), now);
        ServerStatus server = view.verdict()
                .flatMap(DestinationSnapshot::server)
                .map(DestinationStatusProjection::server)
                .orElse(view.observed() ? view.last().server() : null);
        return new DestinationStatus(
                view.generation(), conditions, server, Resources.instructions(cures(view)), view.syncs());
    }

    private static List<Instruction> cures(DestinationView view) {
        return view.verdict().stream()
                .flatMap(verdict -> Stream.of(Stage.values()).map(stage -> result(verdict, stage)))
                .flatMap(result -> switch (result) {
                    case StageResult.Failed failed -> failed.problem().cure().stream();
                    case StageResult.Warned warned -> warned.problem().cure().stream();
                    case StageResult.Passed passed -> Stream.of();
                    case StageResult.NotReached notReached -> Stream.of();
                })
                .toList();
    }

    private static Finding finding(Stage stage, DestinationSnapshot verdict) {
        return switch (result(verdict, stage)) {
            case StageResult.Passed passed -> Finding.yes(stage.condition(), passed.reason(), passed.message());
            case StageResult.Warned warned ->
                Finding.yes(
                        stage.condition(),
                        warned.problem().code().reason(),
                        warned.problem().message());
            case StageResult.Failed failed ->
                Finding.no(
                        stage.condition(),
                        failed.problem().code().reason(),
                        failed.problem().message());
            case StageResult.NotReached none -> notReached(stage);
        };
    }

    private static StageResult result(DestinationSnapshot verdict, Stage stage) {
        return switch (Objects.requireNonNull(verdict.stages().get(stage), "every stage has a result")) {
            case StageResult.Failed failed -> new StageResult.Failed(Cures.named(failed.problem(), "Destination"));
            case StageResult.Warned warned -> new StageResult.Warned(Cures.named(warned.problem(), "Destination"));
            case StageResult.Passed passed -> passed;
            case StageResult.NotReached none -> none;
        };
    }

    private static List<Finding> notReached() {
        return Stream.of(Stage.values())
                .map(DestinationStatusProjection::notReached)
                .toList();
    }

    private static Finding notReached(Stage stage) {
        return Finding.unknown(
                stage.condition(), DestinationReason.NOT_REACHED.text(), "Not checked: an earlier check failed.");
    }

    private static String welcome(DestinationSnapshot verdict) {
        return verdict.server()
                .map(s -> "PostgreSQL " + s.version() + " at " + s.address() + ", as user " + s.user() + ".")
                .orElse("The database is ready.");
    }

    private static ServerStatus server(ServerInfo info) {
        return new ServerStatus(info.version(), info.tls(), info.user(), info.address(), info.readOnly());
    }

    private static Optional<Instant> none() {
        return Optional.empty();
    }
}
