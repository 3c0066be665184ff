package io.sequin;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.AnnotationConsumer;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** A test whose first parameter is a major version of Postgres: these in {@code mvn verify}, all four with {@code -Pfull}. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest(name = "Postgres {0}")
@ArgumentsSource(OnPostgres.Majors.class)
public @interface OnPostgres {
    int[] value();

    /** Gives them. */
    final class Majors implements ArgumentsProvider, AnnotationConsumer<OnPostgres> {
        private int[] majors = {};

        @Override
        public void accept(OnPostgres annotation) {
            majors = annotation.value();
        }

        @Override
        public Stream<? extends Arguments> provideArguments(
                ParameterDeclarations parameters, ExtensionContext context) {
            return (Thoroughness.FULL ? Thoroughness.majors() : IntStream.of(majors)).mapToObj(Arguments::of);
        }
    }
}
