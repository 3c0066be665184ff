package io.sequin.source.http;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Collects a body in one array and gives up as soon as it is too long, at once where its length is announced: then it is
 * in memory only once, too. (The JDK's own limiting subscriber reports that as an IOException which can't be told from a
 * broken connection.)
 */
final class BoundedBody implements BodySubscriber<byte[]> {
    private final int maxBytes;
    private final OptionalLong announced;
    private final List<ByteBuffer> parts = new ArrayList<>();
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private byte[] whole = {};
    private Flow.@Nullable Subscription subscription;
    private long length;

    /** @param announced the length by the answer's headers */
    BoundedBody(int maxBytes, OptionalLong announced) {
        this.maxBytes = maxBytes;
        this.announced = announced;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        if (subscription != null) {
            given.cancel();
            return;
        }
        subscription = given;
        if (announced.orElse(0) > maxBytes) {
            refuse();
            return;
        }
        whole = new byte[(int) Math.max(0, announced.orElse(0))];
        given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        if (body.isDone()) {
            return;
        }
        for (ByteBuffer buffer : buffers) {
            int size = buffer.remaining();
            if (parts.isEmpty() && length + size <= whole.length) {
                buffer.get(whole, (int) length, size);
            } else {
                parts.add(buffer);
            }
            length += size;
        }
        if (length > maxBytes) {
            refuse();
        }
    }

    private void refuse() {
        if (subscription != null) {
            subscription.cancel();
        }
        parts.clear();
        whole = new byte[0];
        body.completeExceptionally(new AnswerTooLargeException(maxBytes));
    }

    @Override
    public void onError(Throwable cause) {
        body.completeExceptionally(cause);
    }

    @Override
    public void onComplete() {
        if (body.isDone()) {
            return;
        }
        int behind = parts.stream().mapToInt(ByteBuffer::remaining).sum();
        int at = (int) length - behind;
        byte[] all = whole.length == length ? whole : Arrays.copyOf(whole, (int) length);
        for (ByteBuffer part : parts) {
            int size = part.remaining();
            part.get(all, at, size);
            at += size;
        }
        parts.clear();
        body.complete(all);
    }
}
