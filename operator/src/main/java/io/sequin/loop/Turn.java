package io.sequin.loop;

import java.time.Duration;

/**
 * The end of a loop's turn.
 *
 * @param next when the next one is due, unless the loop is woken before
 */
public record Turn(Duration next) {}
