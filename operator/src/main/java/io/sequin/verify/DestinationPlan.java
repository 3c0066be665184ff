package io.sequin.verify;

import io.sequin.data.PostgresSettings;
import java.time.Duration;

/** What a Destination's loop is to verify, and how often. */
public record DestinationPlan(PostgresSettings settings, Duration verifyInterval) {}
