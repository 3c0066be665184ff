package io.sequin.verify;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The last verification's verdict, one result for every stage. */
public record DestinationSnapshot(Map<Stage, StageResult> stages, Optional<ServerInfo> server) {
    public DestinationSnapshot {
        stages = Map.copyOf(new EnumMap<>(stages));
        if (stages.size() != Stage.values().length) {
            throw new IllegalArgumentException("every stage has a result");
        }
    }

    /** How a stage came out. */
    public StageResult result(Stage stage) {
        return Objects.requireNonNull(stages.get(stage), "every stage has a result");
    }

    /** No stage has failed or is left. */
    public boolean ready() {
        return stages.values().stream()
                .allMatch(r -> r instanceof StageResult.Passed || r instanceof StageResult.Warned);
    }
}
