package io.sequin.api.generate;

import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import io.fabric8.kubernetes.client.CustomResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** {@code docs/api.md}: every field of both kinds, from the CRDs. */
final class ApiPage {
    private static final Pattern ABSENT = Pattern.compile("(; | |^)[Aa]bsent means (.+?)\\.(?= |$)");

    private static final String INTRODUCTION = """
            # API reference

            <!-- Generated from the CRDs. Write it again with:
                 THE_COMMAND -->

            Group `sequin.io`, version `v1alpha1`; both kinds live in a namespace. `kubectl explain sync.spec` says the same at the command line. Where a value breaks a rule, the API server refuses the object with the message given here.

            Durations are written as in Go: `30s`, `5m`, `1h30m`. A field that is absent has the meaning of its column; nothing is written into your `spec`.
            """;

    private ApiPage() {}

    /**
     * The whole page.
     *
     * @param command writes the page again
     */
    static String text(String command) {
        StringBuilder page = new StringBuilder(INTRODUCTION.replace("THE_COMMAND", command));
        CrdWriter.KINDS.forEach(kind -> kind(page, kind));
        return page.toString();
    }

    private static void kind(StringBuilder page, Class<? extends CustomResource<?, ?>> kind) {
        JSONSchemaProps root = Crds.root(kind);
        page.append("\n## ")
                .append(kind.getSimpleName())
                .append("\n\n")
                .append(root.getDescription())
                .append('\n');
        page.append("\n### spec\n\n| Field | Type | Required | When absent | Meaning |\n|---|---|---|---|---|\n");
        JSONSchemaProps spec = Objects.requireNonNull(root.getProperties().get("spec"));
        JSONSchemaProps status = Objects.requireNonNull(root.getProperties().get("status"));
        rows(page, "", spec, true);
        page.append("\nRules:\n\n| Where | Message |\n|---|---|\n");
        rules(page, "spec", spec);
        page.append("\n### status\n\n| Field | Type | Meaning |\n|---|---|---|\n");
        rows(page, "", status, false);
    }

    private static void rows(StringBuilder page, String prefix, JSONSchemaProps parent, boolean spec) {
        for (Map.Entry<String, JSONSchemaProps> entry : parent.getProperties().entrySet()) {
            JSONSchemaProps field = entry.getValue();
            String path = prefix + entry.getKey();
            List<String> cells = new ArrayList<>(List.of("`" + path + "`", type(field)));
            Matcher absent = ABSENT.matcher(field.getDescription());
            boolean said = spec && absent.find();
            if (spec) {
                boolean required = parent.getRequired().contains(entry.getKey());
                cells.add(required ? "yes" : "");
                cells.add(said ? absent.group(2) : "");
            }
            cells.add(said ? absent.replaceFirst(absent.group(1).equals("; ") ? "." : "") : field.getDescription());
            page.append(cells.stream().map(ApiPage::cell).collect(Collectors.joining(" | ", "| ", " |\n")));
            JSONSchemaProps items =
                    field.getItems() == null ? null : field.getItems().getSchema();
            rows(page, path + (items == null ? "." : "[]."), items == null ? field : items, spec);
        }
    }

    private static String type(JSONSchemaProps field) {
        if (!field.getEnum().isEmpty()) {
            return field.getEnum().stream()
                    .map(value -> "`" + value.asText() + "`")
                    .collect(Collectors.joining(", "));
        }
        if (field.getItems() != null) {
            return "list of " + field.getItems().getSchema().getType() + "s";
        }
        String format = field.getFormat();
        return "date-time".equals(format) ? "time" : field.getType();
    }

    private static void rules(StringBuilder page, String path, JSONSchemaProps schema) {
        for (ValidationRule rule : schema.getXKubernetesValidations()) {
            String where = path + (rule.getFieldPath() == null ? "" : rule.getFieldPath());
            page.append("| `")
                    .append(where)
                    .append("` | ")
                    .append(cell(rule.getMessage()))
                    .append(" |\n");
        }
        schema.getProperties().forEach((name, field) -> rules(page, path + "." + name, field));
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("\n", " ");
    }
}
