package io.sequin.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes Kubernetes Events. They are a courtesy: one that can't be written is logged and not repeated, and no reconcile
 * fails by it.
 */
public final class EventRecorder {
    private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
    /** {@code metav1.MicroTime} takes microseconds, no more: nanoseconds are refused with 400. */
    private static final DateTimeFormatter MICRO_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSX").withZone(ZoneOffset.UTC);

    private static final int MAX_NAME_PREFIX = 200;

    private final KubernetesClient client;
    private final String instance;
    private final EventLimit limit = new EventLimit();

    /**
     * @param instance which process reports, such as the pod's name; at most 128 characters are used
     */
    public EventRecorder(KubernetesClient client, String instance) {
        this.client = client;
        this.instance = instance.length() <= 128 ? instance : instance.substring(0, 128);
    }

    /** Writes one Event about the resource, unless it had too many of late. */
    public void record(HasMetadata regarding, Announcement told, Instant now) {
        if (limit.take(regarding.getMetadata().getUid(), now)) {
            recordLast(regarding, told, now);
        } else {
            LOG.info("Event {} is left out: too many of late", told.reason());
        }
    }

    /** Writes one Event about the resource, however many it had: what it leaves behind must be told. */
    public void recordLast(HasMetadata regarding, Announcement told, Instant now) {
        try {
            client.events()
                    .v1()
                    .events()
                    .inNamespace(regarding.getMetadata().getNamespace())
                    .resource(event(regarding, told, now))
                    .create();
        } catch (KubernetesClientException e) {
            LOG.warn("Event {} could not be written: HTTP {} {}", told.reason(), e.getCode(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.warn("Event {} could not be written", told.reason(), e);
        }
    }

    /** The resource with that uid is gone. */
    void forget(String uid) {
        limit.forget(uid);
    }

    private Event event(HasMetadata regarding, Announcement told, Instant now) {
        String name = regarding.getMetadata().getName();
        String prefix = name.length() <= MAX_NAME_PREFIX ? name : name.substring(0, MAX_NAME_PREFIX);
        Event event = new EventBuilder()
                .withNewMetadata()
                .withName(prefix + "." + UUID.randomUUID().toString().substring(0, 13))
                .withNamespace(regarding.getMetadata().getNamespace())
                .endMetadata()
                .withEventTime(new MicroTime(MICRO_TIME.format(now)))
                .withReportingController("sequin.io/operator")
                .withReportingInstance(instance)
                .withAction("Reconcile")
                .withType(told.warning() ? "Warning" : "Normal")
                .withReason(told.reason())
                .withNote(Text.note(told.note()))
                .withRegarding(new ObjectReferenceBuilder()
                        .withApiVersion(regarding.getApiVersion())
                        .withKind(regarding.getKind())
                        .withNamespace(regarding.getMetadata().getNamespace())
                        .withName(name)
                        .withUid(regarding.getMetadata().getUid())
                        .build())
                .build();
        told.related()
                .ifPresent(other -> event.setRelated(new ObjectReferenceBuilder()
                        .withApiVersion(other.apiVersion())
                        .withKind(other.kind())
                        .withNamespace(regarding.getMetadata().getNamespace())
                        .withName(other.name())
                        .build()));
        return event;
    }
}
