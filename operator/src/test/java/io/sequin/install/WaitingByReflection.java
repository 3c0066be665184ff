package io.sequin.install;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A program: ends well where a virtual thread that waits in a method called by reflection leaves its carrier to another. */
final class WaitingByReflection {
    private WaitingByReflection() {}

    public static void main(String[] args) throws Exception {
        CountDownLatch other = new CountDownLatch(1);
        Method await = CountDownLatch.class.getMethod("await");
        Thread waits = Thread.startVirtualThread(() -> call(await, other));
        Thread.startVirtualThread(other::countDown);
        System.exit(waits.join(Duration.ofSeconds(10)) ? 0 : 1);
    }

    private static void call(Method method, Object on) {
        try {
            method.invoke(on);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
