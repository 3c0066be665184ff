package io.sequin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a user asks of a {@link Destination}: exactly one kind of database. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "[has(self.postgres)].filter(member, member).size() == 1",
        message = "set exactly one of: postgres")
@ValidationRule(
        value = "has(self.postgres) == has(oldSelf.postgres)",
        message = "the kind of database can't change: create a new Destination")
@ValidationRule(
        value = "!has(self.verifyInterval) || (self.verifyInterval.matches(r'" + Api.DURATION
                + "') && duration(self.verifyInterval) >= duration('10s'))",
        message = "verifyInterval must be a duration of at least 10s, such as 60s or 5m",
        fieldPath = ".verifyInterval")
public record DestinationSpec(
        @JsonPropertyDescription("A Postgres database of your own.") @Nullable
        PostgresSpec postgres,

        @JsonPropertyDescription(
                "How often the connection and the grants are verified again, as a duration such as 60s or 5m; at"
                        + " least 10s. Absent means 60s.")
        @Size(min = 2, max = 16)
        @Pattern(Api.DURATION)
        @Nullable
        String verifyInterval) {

    private static final Duration DEFAULT_VERIFY_INTERVAL = Duration.ofSeconds(60);

    /** Time between two verifications; 60 seconds unless the manifest says otherwise. */
    public Duration effectiveVerifyInterval() {
        return verifyInterval == null ? DEFAULT_VERIFY_INTERVAL : GoDuration.parse(verifyInterval);
    }
}
