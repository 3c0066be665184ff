package io.sequin.source.http;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Collects a body in one array and gives up as soon as it is too long. (The JDK's own limiting subscriber reports that
 * as an IOException which can't be told from a broken connection.)
 */
final class BoundedBody implements BodySubscriber<byte[]> {
    private final int maxBytes;
    private final List<ByteBuffer> parts = new ArrayList<>();
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;
    private long length;

    BoundedBody(int maxBytes) {
        this.maxBytes = maxBytes;
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
        given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            length += buffer.remaining();
        }
        if (length > maxBytes) {
            if (subscription != null) {
                subscription.cancel();
            }
            parts.clear();
            body.completeExceptionally(new AnswerTooLargeException(maxBytes));
            return;
        }
        parts.addAll(buffers);
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
        byte[] all = new byte[(int) length];
        int at = 0;
        for (ByteBuffer part : parts) {
            int size = part.remaining();
            part.get(all, at, size);
            at += size;
        }
        parts.clear();
        body.complete(all);
    }
}
