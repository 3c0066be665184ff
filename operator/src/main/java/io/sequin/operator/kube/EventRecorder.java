package io.sequin.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.sequin.api.v1alpha1.Condition;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kubernetes Events, written when {@code Ready} gets another status or reason. They are a courtesy: one that can't be
 * written is logged and not repeated.
 */
public final class EventRecorder {
    private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
    /** {@code metav1.MicroTime} takes microseconds, no more: nanoseconds are refused with 400. */
    private static final DateTimeFormatter MICRO_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSX").withZone(ZoneOffset.UTC);

    private static final int MAX_NAME_PREFIX = 200;

    private final KubernetesClient client;
    private final String instance;

    /**
     * @param instance which process reports, such as the pod's name; at most 128 characters are used
     */
    public EventRecorder(KubernetesClient client, String instance) {
        this.client = client;
        this.instance = instance.length() <= 128 ? instance : instance.substring(0, 128);
    }

    /**
     * Whether the step from one list of conditions to the next is worth an Event. {@code Unknown} is not: it only says
     * that the verdict is not there yet.
     */
    static Optional<Condition> transition(List<Condition> before, List<Condition> after) {
        Condition was = Conditions.find(before, Finding.READY).orElse(null);
        return Conditions.find(after, Finding.READY)
                .filter(is -> !Finding.State.UNKNOWN.text().equals(is.status()))
                .filter(is -> was == null
                        || !Objects.equals(was.status(), is.status())
                        || !Objects.equals(was.reason(), is.reason()));
    }

    /** Writes one Event about the resource. */
    void record(HasMetadata regarding, Condition ready, Instant now) {
        boolean good = Finding.State.TRUE.text().equals(ready.status());
        String note = Text.note(Objects.requireNonNullElse(ready.message(), ""));
        write(regarding, good ? "Normal" : "Warning", Objects.requireNonNullElse(ready.reason(), "Unknown"), note, now);
    }

    /** Writes one Event that warns. */
    public void warn(HasMetadata regarding, String reason, String note, Instant now) {
        write(regarding, "Warning", reason, Text.note(note), now);
    }

    private void write(HasMetadata regarding, String type, String reason, String note, Instant now) {
        Event event = event(regarding, type, reason, note, now);
        try {
            client.events()
                    .v1()
                    .events()
                    .inNamespace(regarding.getMetadata().getNamespace())
                    .resource(event)
                    .create();
        } catch (KubernetesClientException e) {
            LOG.warn("Event {} could not be written: HTTP {} {}", reason, e.getCode(), e.getMessage());
        }
    }

    private Event event(HasMetadata regarding, String type, String reason, String note, Instant now) {
        String name = regarding.getMetadata().getName();
        String prefix = name.length() <= MAX_NAME_PREFIX ? name : name.substring(0, MAX_NAME_PREFIX);
        return new EventBuilder()
                .withNewMetadata()
                .withName(prefix + "." + UUID.randomUUID().toString().substring(0, 13))
                .withNamespace(regarding.getMetadata().getNamespace())
                .endMetadata()
                .withEventTime(new MicroTime(MICRO_TIME.format(now)))
                .withReportingController("sequin.io/operator")
                .withReportingInstance(instance)
                .withAction("Reconcile")
                .withType(type)
                .withReason(reason)
                .withNote(note)
                .withRegarding(new ObjectReferenceBuilder()
                        .withApiVersion(regarding.getApiVersion())
                        .withKind(regarding.getKind())
                        .withNamespace(regarding.getMetadata().getNamespace())
                        .withName(name)
                        .withUid(regarding.getMetadata().getUid())
                        .build())
                .build();
    }
}
