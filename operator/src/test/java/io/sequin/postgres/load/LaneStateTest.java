package io.sequin.postgres.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Checkpoint;
import io.sequin.data.Json;
import org.junit.jupiter.api.Test;

class LaneStateTest {
    private static Checkpoint checkpoint(String json) {
        return new Checkpoint(Json.of(json));
    }

    @Test
    void aCheckpointIsTheSameHoweverTheDatabasePrintsIt() {
        LaneState state = new LaneState(3, checkpoint("{\"v\": 1, \"after\": [\"a\", 2]}"));
        assertThat(state.isAt(checkpoint("{\"after\":[\"a\",2],\"v\":1}"))).isTrue();
        assertThat(state.isAt(checkpoint("{\"after\":[\"a\",3],\"v\":1}"))).isFalse();
        assertThat(state.isAt(checkpoint("{}"))).isFalse();
    }
}
