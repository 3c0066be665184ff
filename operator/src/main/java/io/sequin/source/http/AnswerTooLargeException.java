package io.sequin.source.http;

/** The body was longer than the call allowed; reading stopped there. Ask for less at once. */
public final class AnswerTooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AnswerTooLargeException(int maxBytes) {
        super("the answer is longer than " + maxBytes + " bytes");
    }
}
