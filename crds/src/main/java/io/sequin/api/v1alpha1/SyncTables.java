package io.sequin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which of the source's tables a {@link Sync} fills, one of the two lists, neither means all; and what becomes of columns
 * that they get.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = "!(has(self.include) && has(self.exclude))"
                + " && (has(self.include) || has(self.exclude) || has(self.newColumns))",
        message = "set either tables.include or tables.exclude; leave tables out for every table of the source")
@ValidationRule(
        value = "!has(self.include) || self.include.all(t, size(bytes(t)) <= 63)",
        message = "a table's name in tables.include has at most 63 bytes: status.tables shows the names",
        fieldPath = ".include")
@ValidationRule(
        value = "!has(self.exclude) || self.exclude.all(t, size(bytes(t)) <= 63)",
        message = "a table's name in tables.exclude has at most 63 bytes: status.tables shows the names",
        fieldPath = ".exclude")
public record SyncTables(
        @JsonPropertyDescription(
                "Names of the only tables to fill, each at most 63 bytes; 1 to 500, none twice. Not together with"
                        + " exclude. Absent means all but those of exclude.")
        @Size(min = 1, max = 500)
        List<@Size(min = 1, max = 63) String> include,

        @JsonPropertyDescription(
                "Names of the tables not to fill, each at most 63 bytes; 1 to 500, none twice. All others are filled,"
                        + " new ones too. Not together with include. Absent means only those of include.")
        @Size(min = 1, max = 500)
        List<@Size(min = 1, max = 63) String> exclude,

        @JsonPropertyDescription(
                "What becomes of columns that the source offers and a table that is there does not have: Add adds them,"
                        + " Ignore keeps their values in _sync_extra. Absent means Add.")
        @Nullable
        NewColumns newColumns) {

    public SyncTables {
        include = include == null ? List.of() : List.copyOf(include);
        exclude = exclude == null ? List.of() : List.copyOf(exclude);
    }

    /** Of new columns nothing is said. */
    public SyncTables(List<String> include, List<String> exclude) {
        this(include, exclude, null);
    }

    /** Whether new columns are left out; a value that this version does not know leaves them out. */
    public boolean ignoresNewColumns() {
        return newColumns != null && newColumns != NewColumns.ADD;
    }
}
