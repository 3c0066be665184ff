package io.sequin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A ceiling for one {@link Sync} under the budget that all Syncs of the same account share; the lower wins. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "has(self.requests) || has(self.maxConcurrent) || has(self.quotaPercent)",
        message = "rateLimit needs at least one of requests, maxConcurrent and quotaPercent; leave rateLimit out for"
                + " the source's own limits")
@ValidationRule(
        value = "!has(self.interval) || has(self.requests)",
        message = "rateLimit.interval says within what time rateLimit.requests are allowed: set requests too",
        fieldPath = ".interval")
@ValidationRule(
        value = "!has(self.interval) || (self.interval.matches(r'" + Api.DURATION
                + "') && duration(self.interval) >= duration('1s') && duration(self.interval) <= duration('24h'))",
        message = "rateLimit.interval must be a duration from 1s to 24h, such as 1s or 1m",
        fieldPath = ".interval")
public record RateLimit(
        @JsonPropertyDescription(
                "The most requests within interval, 1 to 100000. Absent means as many as the account's budget allows.")
        @Min(1)
        @Max(100_000)
        @Nullable
        Integer requests,

        @JsonPropertyDescription(
                "The time that requests counts for, as a duration such as 1s or 1m; from 1s to 24h. Absent means 1s."
                        + " Only together with requests.")
        @Size(min = 2, max = 16)
        @Pattern(Api.DURATION)
        @Nullable
        String interval,

        @JsonPropertyDescription(
                "The most requests under way at the same time, 1 to 100. Absent means as many as the source allows.")
        @Min(1)
        @Max(100)
        @Nullable
        Integer maxConcurrent,

        @JsonPropertyDescription(
                "How much of the account's budget this Sync may use, in percent, 1 to 100. Absent means as the source"
                        + " does by itself.")
        @Min(1)
        @Max(100)
        @Nullable
        Integer quotaPercent) {

    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(1);

    /** The time that {@code requests} counts for; a second unless the manifest says otherwise. */
    public Duration effectiveInterval() {
        return interval == null ? DEFAULT_INTERVAL : GoDuration.parse(interval);
    }
}
