package io.sequin.verify;

import java.util.Optional;
import java.util.function.Function;

/**
 * One rule of the chain. Pure.
 *
 * @param stage the stage that fails with it
 * @param rule a failure or a warning; empty where all is well, or where there is nothing to look at
 */
record Check(Stage stage, Function<Observed, Optional<StageResult>> rule) {}
