package io.sequin.postgres;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A connection of a pool as its borrower sees it: closing it also gives the borrower's place back, once. */
final class BorrowedConnection implements InvocationHandler {
    private final Connection pooled;
    private final Consumer<Connection> returned;
    private final AtomicBoolean closed = new AtomicBoolean();

    private BorrowedConnection(Connection pooled, Consumer<Connection> returned) {
        this.pooled = pooled;
        this.returned = returned;
    }

    /**
     * @param returned told once of what the borrower had, after the connection is back in its pool
     */
    static Connection of(Connection pooled, Consumer<Connection> returned) {
        return (Connection) Proxy.newProxyInstance(
                BorrowedConnection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                new BorrowedConnection(pooled, returned));
    }

    /** The pool's own object behind a borrowed one. */
    static Connection pooled(Connection borrowed) {
        return ((BorrowedConnection) Proxy.getInvocationHandler(borrowed)).pooled;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        return switch (method.getName()) {
            case "equals" -> proxy == Objects.requireNonNull(arguments, "equals has one")[0];
            case "hashCode" -> System.identityHashCode(proxy);
            case "close" -> {
                close((Connection) proxy);
                yield null;
            }
            default -> forward(method, arguments);
        };
    }

    private void close(Connection borrowed) throws SQLException {
        try {
            pooled.close();
        } finally {
            if (closed.compareAndSet(false, true)) {
                returned.accept(borrowed);
            }
        }
    }

    private @Nullable Object forward(Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(pooled, arguments);
        } catch (InvocationTargetException e) {
            throw Objects.requireNonNull(e.getCause(), "what the method threw");
        }
    }
}
