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

    /** There are thousands of conditions, and a few words that they say. */
    @Test
    void theWordsOfConditionsAreKeptOnce() {
        Condition one = condition();
        Condition other = condition();

        assertThat(other).isEqualTo(one);
        assertThat(other.type()).isSameAs(one.type()).isEqualTo("Ready");
        assertThat(other.status()).isSameAs(one.status()).isEqualTo("True");
        assertThat(other.reason()).isSameAs(one.reason()).isEqualTo("Live");
    }

    private static Condition condition() {
        return SequinSerialization.create().unmarshal("""
                {"type": "Ready", "status": "True", "reason": "Live", "message": "1 table is live."}""", Condition.class);
    }
}
