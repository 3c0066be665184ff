package io.sequin.operator.kube;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.sequin.data.ResourceKey;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the status of one kind, by server-side apply from a fresh object. "Unchanged" means equal to what was last
 * <em>written</em> for that uid: the cache may be behind our own write, and comparing with it loses changes.
 *
 * @param <R> the kind
 * @param <S> its status
 */
public final class StatusWrites<R extends CustomResource<?, S>, S> {
    private final KubernetesClient client;
    private final Supplier<R> fresh;
    private final Announcements<R, S> announcements;
    private final Rotations rotations;
    private final EventRecorder events;
    private final PatchContext apply;
    private final Map<String, Written<S>> written = new ConcurrentHashMap<>();

    /**
     * A status and when it was written.
     *
     * @param resource whose it is
     * @param status as sent
     * @param at when the API server had taken it
     * @param answer of the API server
     */
    public record Written<S>(ResourceKey resource, S status, Instant at, Answer answer) {
        private Written<S> sharing(@Nullable S other) {
            return other != null && status.equals(other) ? new Written<>(resource, other, at, answer) : this;
        }
    }

    /**
     * What the API server answered to a write. Of a status with many tables only its digest is kept.
     *
     * @param version the resource's version with it
     * @param digest of the status that it had then, with the fields of others
     */
    public record Answer(String version, String digest) {}

    /**
     * @param fresh makes an empty object of the kind
     * @param announcements what is told of a new status
     * @param rotations the Secrets and ConfigMaps whose change is still to be told
     * @param fieldManager who owns the fields: the controller's name
     */
    public StatusWrites(
            KubernetesClient client,
            Supplier<R> fresh,
            Announcements<R, S> announcements,
            Rotations rotations,
            EventRecorder events,
            String fieldManager) {
        this.client = client;
        this.fresh = fresh;
        this.announcements = announcements;
        this.rotations = rotations;
        this.events = events;
        this.apply = new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(fieldManager)
                .withForce(true)
                .build();
    }

    /** What this process wrote last for that uid. */
    public Optional<Written<S>> last(String uid) {
        return Optional.ofNullable(written.get(uid));
    }

    /** What this process wrote last, for every resource that still exists. */
    public List<Written<S>> all() {
        return List.copyOf(written.values());
    }

    /**
     * Writes the status unless it equals the last one written and is still there, and Events of what is worth telling. A resource that
     * is gone meanwhile is none of our business any more. The API server ignores a uid in the status of an apply (tried),
     * so a status may reach a resource made again under the same name in that very moment; the first write for the new
     * uid replaces it whole.
     *
     * @param observed the resource as it was read
     * @return whether something was written
     * @throws KubernetesClientException where the API server did not take it; to be tried again
     */
    public boolean write(R observed, S status, Instant now) {
        String uid = observed.getMetadata().getUid();
        tellRotations(observed, now);
        Written<S> before = written.get(uid);
        if (before != null && before.status().equals(status) && !isOverwritten(observed, before.answer())) {
            return false;
        }
        R patch = fresh.get();
        patch.setMetadata(new ObjectMetaBuilder()
                .withNamespace(observed.getMetadata().getNamespace())
                .withName(observed.getMetadata().getName())
                .build());
        patch.setStatus(status);
        R taken;
        try {
            taken = client.resource(patch).subresource("status").patch(apply);
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                written.remove(uid);
                return false;
            }
            throw e;
        }
        Answer answer = new Answer(taken.getMetadata().getResourceVersion(), digest(taken.getStatus()));
        ResourceKey key = before == null ? Resources.key(observed) : before.resource();
        written.put(uid, new Written<>(key, status, now, answer));
        announce(observed, before == null ? observed.getStatus() : before.status(), status, now);
        return true;
    }

    /**
     * Keeps what the cache holds in place of an equal status that was written: else each is in memory twice.
     *
     * @param cached the resource as the cache has it, not a copy
     */
    public void share(R cached) {
        written.computeIfPresent(cached.getMetadata().getUid(), (uid, last) -> last.sharing(cached.getStatus()));
    }

    /** Whether somebody else has changed the status since: only a version later than ours can tell. */
    private boolean isOverwritten(R observed, Answer ours) {
        return Versions.isLater(observed.getMetadata().getResourceVersion(), ours.version())
                && !digest(observed.getStatus()).equals(ours.digest());
    }

    private String digest(@Nullable S status) {
        String json = status == null ? "" : client.getKubernetesSerialization().asJson(status);
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(json.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The resource with that uid is gone. */
    public void forget(String uid) {
        written.remove(uid);
        events.forget(uid);
    }

    private void announce(R observed, @Nullable S before, S after, Instant now) {
        announcements.between(observed, before, after).forEach(told -> events.record(observed, told, now));
    }

    private void tellRotations(R observed, Instant now) {
        for (SecretName changed : rotations.take(Resources.key(observed))) {
            String kind = changed.kind().toString();
            Announcement told = Announcement.normal(
                    "CredentialsChanged", kind + " " + changed.name() + " has changed and is read again.");
            events.record(observed, told.with(new Announcement.Related("v1", kind, changed.name())), now);
        }
    }
}
