package io.sequin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** That a {@link Sync} reads tables again from the start. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = "size(bytes(self.token)) <= 63",
        message = "resync.token must have at most 63 bytes: any new text will do, such as today's date",
        fieldPath = ".token")
@ValidationRule(
        value = "!has(self.tables) || self.tables.all(t, size(bytes(t)) <= 63)",
        message = "a table's name in resync.tables has at most 63 bytes: status.tables shows the names",
        fieldPath = ".tables")
public record SyncResync(
        @JsonPropertyDescription(
                "Any text of 1 to 63 bytes, such as a date; a new one starts a re-sync. One that is there when the"
                        + " schema is made counts as done.")
        @Required
        @Size(min = 1, max = 63)
        String token,

        @JsonPropertyDescription(
                "Names of the tables to sync again, each at most 63 bytes; 1 to 500, none twice. Absent means all that"
                        + " are filled.")
        @Size(min = 1, max = 500)
        List<@Size(min = 1, max = 63) String> tables) {

    public SyncResync {
        tables = tables == null ? List.of() : List.copyOf(tables);
    }
}
