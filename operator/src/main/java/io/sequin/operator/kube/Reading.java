package io.sequin.operator.kube;

import io.sequin.data.Problem;
import java.util.function.Function;

/**
 * What came out of reading a spec: a value, or what is wrong with it.
 *
 * @param <T> the value
 */
public sealed interface Reading<T> {
    record Valid<T>(T value) implements Reading<T> {}

    record Invalid<T>(Problem problem) implements Reading<T> {}

    static <T> Reading<T> invalid(String message) {
        return new Invalid<>(Problem.of(SpecProblem.INVALID_SPEC, message));
    }

    /** The same problem, or another value. */
    default <U> Reading<U> map(Function<? super T, ? extends U> change) {
        return switch (this) {
            case Valid<T> valid -> new Valid<>(change.apply(valid.value()));
            case Invalid<T> invalid -> new Invalid<>(invalid.problem());
        };
    }
}
