package io.sequin.data;

import java.util.Optional;

/**
 * How much a full pass may delete of what it did not find.
 *
 * @param maxPercent of a table's rows, 0 to 100; a hundred rows are always allowed
 * @param confirm the code of one deletion that a person has seen and wants
 */
public record DeleteGuard(int maxPercent, Optional<String> confirm) {
    /** Where the user says nothing. */
    public static final DeleteGuard USUAL = new DeleteGuard(30, Optional.empty());

    public DeleteGuard {
        if (maxPercent < 0 || maxPercent > 100) {
            throw new IllegalArgumentException("percent must be between 0 and 100");
        }
    }
}
