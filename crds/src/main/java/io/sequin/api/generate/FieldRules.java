package io.sequin.api.generate;

import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Moves a rule that is about one field alone from the type to the field. The API server checks a rule again only where
 * something below it changes; on the field, an object stored before the rule was made can still be changed in all other
 * fields (ratcheting). In the records the rules stay on the type, since an annotation on a component of a record is
 * found twice by the generator.
 */
final class FieldRules {
    private static final Pattern REFERENCE = Pattern.compile("\\b(?:self|oldSelf)\\.(\\w+)");

    private FieldRules() {}

    /** Does so in a schema and all below it. */
    static void settle(JSONSchemaProps schema) {
        List<ValidationRule> staying = new ArrayList<>();
        for (ValidationRule rule : schema.getXKubernetesValidations()) {
            JSONSchemaProps field = fieldOf(rule, schema);
            if (field == null) {
                staying.add(rule);
            } else {
                field.getXKubernetesValidations().add(onField(rule));
            }
        }
        schema.setXKubernetesValidations(staying);
        schema.getProperties().values().forEach(FieldRules::settle);
    }

    /** The schema of the only field that the rule speaks of; null where it speaks of more. */
    private static @Nullable JSONSchemaProps fieldOf(ValidationRule rule, JSONSchemaProps schema) {
        if (rule.getFieldPath() == null) {
            return null;
        }
        String name = rule.getFieldPath().substring(1);
        Matcher reference = REFERENCE.matcher(rule.getRule());
        while (reference.find()) {
            if (!reference.group(1).equals(name)) {
                return null;
            }
        }
        return schema.getProperties().get(name);
    }

    /** A rule on a field is not asked where the field is absent. */
    private static ValidationRule onField(ValidationRule rule) {
        String name = rule.getFieldPath().substring(1);
        String text = rule.getRule();
        String unlessAbsent = "!has(self." + name + ") || ";
        if (text.startsWith(unlessAbsent)) {
            text = text.substring(unlessAbsent.length());
        }
        ValidationRule moved = new ValidationRule();
        moved.setRule(text.replace("oldSelf." + name, "oldSelf").replace("self." + name, "self"));
        moved.setMessage(rule.getMessage());
        return moved;
    }
}
