package io.sequin.observability;

/**
 * The loops of one kind.
 *
 * @param kind such as {@code Sync}
 * @param running how many there are
 * @param stuck how many of them hang
 * @param crashes how often a loop's body threw since the start, which is a bug
 */
public record LoopsState(String kind, int running, int stuck, long crashes) {}
