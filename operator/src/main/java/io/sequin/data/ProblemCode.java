package io.sequin.data;

/** A countable kind of problem. Each package has one enum of them; the documentation is generated from those. */
public interface ProblemCode {
    /** One CamelCase word, used as a condition's reason. */
    String reason();

    Remedy remedy();
}
