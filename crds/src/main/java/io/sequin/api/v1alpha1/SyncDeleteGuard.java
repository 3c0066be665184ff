package io.sequin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** How much a {@link Sync} may delete after it has read a whole table. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "has(self.maxPercent) || has(self.confirm)",
        message = "deleteGuard needs maxPercent or confirm; leave deleteGuard out for the usual 30 percent")
public record SyncDeleteGuard(
        @JsonPropertyDescription(
                "The largest part of a table's rows that a re-sync deletes without asking, in percent, 0 to 100; up to"
                        + " 100 rows are always deleted. Absent means 30.")
        @Min(0)
        @Max(100)
        @Nullable
        Integer maxPercent,

        @JsonPropertyDescription("The code that the message of the table in status.tables shows, such as charge-7f3a:"
                + " it lets that one deletion through. Absent means that none is confirmed.")
        @Size(min = 1, max = 128)
        @Nullable
        String confirm) {

    private static final int DEFAULT_MAX_PERCENT = 30;

    /** The largest part of a table's rows; 30 percent unless the manifest says otherwise. */
    public int effectiveMaxPercent() {
        return maxPercent == null ? DEFAULT_MAX_PERCENT : maxPercent;
    }
}
