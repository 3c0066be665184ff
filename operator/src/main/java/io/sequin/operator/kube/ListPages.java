package io.sequin.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.dsl.Listable;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a list of the API server a page at a time. With 1,000 Syncs all of it at once is 4 MB of JSON, for which the heap
 * grew by 8 MB each time.
 */
public final class ListPages {
    /** Objects of a page: some 400 kB of Syncs. */
    public static final long LIMIT = 100;

    private ListPages() {}

    /**
     * All objects, as they were at one moment; a page is asked for when the one before it has been taken.
     *
     * @return throws {@link io.fabric8.kubernetes.client.KubernetesClientException} while it is read, also where its
     *     moment is too long ago for the API server to go on (410)
     */
    public static <T extends HasMetadata> Stream<T> of(Listable<? extends KubernetesResourceList<T>> list) {
        return Stream.iterate(page(list, null), Objects::nonNull, before -> after(list, before))
                .flatMap(page -> page.getItems().stream());
    }

    private static <T extends HasMetadata> KubernetesResourceList<T> page(
            Listable<? extends KubernetesResourceList<T>> list, @Nullable String from) {
        return list.list(
                new ListOptionsBuilder().withLimit(LIMIT).withContinue(from).build());
    }

    private static <T extends HasMetadata> @Nullable KubernetesResourceList<T> after(
            Listable<? extends KubernetesResourceList<T>> list, KubernetesResourceList<T> page) {
        String next = page.getMetadata().getContinue();
        return next == null || next.isEmpty() ? null : page(list, next);
    }
}
