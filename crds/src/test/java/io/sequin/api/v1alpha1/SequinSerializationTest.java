package io.sequin.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.WatchEvent;
import org.junit.jupiter.api.Test;

class SequinSerializationTest {
    /** A watch that began too long ago ends with such an event, and is made anew only if it is understood. */
    @Test
    void theErrorOfAWatchIsAStatus() {
        WatchEvent event = SequinSerialization.create().unmarshal("""
                {"type": "ERROR", "object": {"kind": "Status", "apiVersion": "v1", "status": "Failure",
                 "message": "too old resource version", "reason": "Expired", "code": 410}}""", WatchEvent.class);

        assertThat(event.getObject())
                .isInstanceOfSatisfying(
                        Status.class, status -> assertThat(status.getCode()).isEqualTo(410));
    }
}
