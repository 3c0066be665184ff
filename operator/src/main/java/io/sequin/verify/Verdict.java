package io.sequin.verify;

import io.sequin.data.Problem;
import io.sequin.postgres.Link;
import io.sequin.postgres.ServerFacts;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Turns what was seen into a verdict. Pure; its texts don't change while nothing changes. */
final class Verdict {
    private Verdict() {}

    static DestinationSnapshot of(Observed seen) {
        Map<Stage, StageResult> stages = new EnumMap<>(Stage.class);
        boolean failed = false;
        for (Stage stage : Stage.values()) {
            StageResult result = failed ? new StageResult.NotReached() : judge(stage, seen);
            failed |= result instanceof StageResult.Failed;
            stages.put(stage, result);
        }
        return new DestinationSnapshot(stages, seen.facts().map(Verdict::info));
    }

    /** The problem of the stage that failed; empty where none did. */
    static Optional<Problem> failure(DestinationSnapshot verdict) {
        return verdict.stages().values().stream()
                .filter(StageResult.Failed.class::isInstance)
                .map(result -> ((StageResult.Failed) result).problem())
                .findFirst();
    }

    private static StageResult judge(Stage stage, Observed seen) {
        return Checks.CHAIN.stream()
                .filter(check -> check.stage() == stage)
                .flatMap(check -> check.rule().apply(seen).stream())
                .findFirst()
                .orElseGet(() -> passed(stage, seen));
    }

    private static StageResult passed(Stage stage, Observed seen) {
        return switch (stage) {
            case CREDENTIALS_RESOLVED -> passed(VerifiedReason.RESOLVED, "The credentials were found.");
            case CONNECTED ->
                seen.facts()
                        .map(facts -> passed(
                                VerifiedReason.CONNECTED,
                                "Connected to PostgreSQL " + facts.version() + " at " + seen.address() + ", "
                                        + protection(facts.link()) + "."))
                        .orElseGet(() -> passed(
                                VerifiedReason.LOGIN_ACCEPTED,
                                seen.address() + " accepts the login, but opens no session for want of a grant."));
            case PERMISSIONS_VERIFIED ->
                passed(VerifiedReason.GRANTED, "The user may connect and create schemas in the database.");
        };
    }

    private static StageResult passed(VerifiedReason reason, String message) {
        return new StageResult.Passed(reason.text(), message);
    }

    private static String protection(Link link) {
        if (!link.encrypted()) {
            return "without TLS";
        }
        return "by " + link.tls()
                + (link.authenticated() ? "" : ", encrypted but not authenticated: the certificate is not checked");
    }

    private static ServerInfo info(ServerFacts facts) {
        return new ServerInfo(
                facts.version(),
                facts.link().tls(),
                facts.user(),
                facts.link().peer().toString(),
                facts.standby() || facts.readOnly());
    }
}
