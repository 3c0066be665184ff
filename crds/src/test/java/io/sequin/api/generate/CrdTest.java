package io.sequin.api.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionNames;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import io.fabric8.kubernetes.client.CustomResource;
import io.sequin.api.generate.Crds.Field;
import io.sequin.api.v1alpha1.Destination;
import io.sequin.api.v1alpha1.Sync;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CrdTest {
    @Test
    void everyFieldHasADescription() {
        assertThat(fields("").filter(field -> !field.path().endsWith("[]")))
                .isNotEmpty()
                .allSatisfy(field -> assertThat(field.schema().getDescription())
                        .as(field.path())
                        .matches("(?s)[A-Z`\\d].*\\.|true .*\\."));
    }

    @Test
    void everyStringAndListOfASpecIsBounded() {
        assertThat(fields("spec")
                        .filter(ofType("string"))
                        .filter(field -> field.schema().getEnum().isEmpty()))
                .isNotEmpty()
                .allSatisfy(field -> assertThat(field.schema().getMaxLength())
                        .as(field.path())
                        .isNotNull());
        assertThat(fields("spec").filter(ofType("array")))
                .allSatisfy(field -> assertThat(field.schema().getMaxItems())
                        .as(field.path())
                        .isNotNull());
        assertThat(fields("spec").filter(ofType("integer"))).isNotEmpty().allSatisfy(field -> {
            assertThat(field.schema().getMinimum()).as(field.path()).isNotNull();
            assertThat(field.schema().getMaximum()).as(field.path()).isNotNull();
        });
    }

    @Test
    void noFieldOfASpecHasADefault() {
        assertThat(fields("spec"))
                .allSatisfy(field ->
                        assertThat(field.schema().getDefault()).as(field.path()).isNull());
    }

    @Test
    void nothingInAStatusCanMakeAWriteFail() {
        assertThat(fields("status").filter(field -> !field.path().equals("status.conditions[]")))
                .isNotEmpty()
                .allSatisfy(field -> {
                    JSONSchemaProps schema = field.schema();
                    assertThat(schema.getRequired()).as(field.path()).isEmpty();
                    assertThat(schema.getEnum()).as(field.path()).isEmpty();
                    assertThat(schema.getXKubernetesValidations())
                            .as(field.path())
                            .isEmpty();
                    assertThat(Stream.of(
                                    schema.getPattern(),
                                    schema.getMaxLength(),
                                    schema.getMinLength(),
                                    schema.getMaxItems(),
                                    schema.getMinItems(),
                                    schema.getMaximum(),
                                    schema.getMinimum()))
                            .as(field.path())
                            .containsOnlyNulls();
                });
    }

    @Test
    void conditionsMergeByTypeAndOtherListsAreReplacedWhole() {
        for (Class<? extends CustomResource<?, ?>> kind : CrdWriter.KINDS) {
            JSONSchemaProps conditions = schemaAt(kind, "status.conditions");
            assertThat(conditions.getXKubernetesListType()).isEqualTo("map");
            assertThat(conditions.getXKubernetesListMapKeys()).containsExactly("type");
            // the API server wants the key of a list map required
            assertThat(schemaAt(kind, "status.conditions[]").getRequired()).containsExactly("type");
            assertThat(schemaAt(kind, "status.instructions").getXKubernetesListType())
                    .isEqualTo("atomic");
        }
        assertThat(schemaAt(Sync.class, "status.tables").getXKubernetesListType())
                .isEqualTo("atomic");
    }

    @Test
    void noRuleStandsTwiceAndEachHasAMessage() {
        assertThat(fields("")
                        .filter(field ->
                                !field.schema().getXKubernetesValidations().isEmpty()))
                .isNotEmpty()
                .allSatisfy(field -> {
                    List<ValidationRule> rules = field.schema().getXKubernetesValidations();
                    assertThat(rules)
                            .as(field.path())
                            .extracting(ValidationRule::getRule)
                            .doesNotHaveDuplicates();
                    assertThat(rules)
                            .as(field.path())
                            .allSatisfy(rule -> assertThat(rule.getMessage()).isNotBlank());
                });
    }

    @Test
    void aRuleAboutOneFieldStandsAtThatField() {
        assertThat(schemaAt(Sync.class, "spec.pollInterval").getXKubernetesValidations())
                .extracting(ValidationRule::getRule)
                .containsExactly(
                        "(self.matches(r'^([0-9]{1,6}(\\.[0-9]{1,3})?(ms|s|m|h))+$') && duration(self) >= duration('1s'))");
        assertThat(schemaAt(Sync.class, "spec.schema").getXKubernetesValidations())
                .extracting(ValidationRule::getRule)
                .contains("self == oldSelf");
        assertThat(fields("spec"))
                .allSatisfy(field -> assertThat(field.schema().getXKubernetesValidations())
                        .as(field.path())
                        .allSatisfy(rule -> assertThat(rule.getFieldPath() == null
                                        || rule.getRule().split("elf\\.").length > 2)
                                .isTrue()));
    }

    @Test
    void theTextsSayWhatAbsentMeansAndWithinWhichBounds() {
        assertThat(fields(""))
                .allSatisfy(field -> assertThat(String.valueOf(field.schema().getDescription()))
                        .as(field.path())
                        .doesNotContainIgnoringCase("todo")
                        .doesNotContain("  ", ".."));
        assertThat(Crds.fields(Sync.class).stream().filter(f -> isOptionalOfSpec(Sync.class, f.path())))
                .isNotEmpty()
                .allSatisfy(field -> assertThat(field.schema().getDescription())
                        .as(field.path())
                        .containsPattern("Absent means .*\\."));
        assertThat(fields("spec")
                        .filter(ofType("integer"))
                        .filter(f -> !f.path().endsWith("port")))
                .isNotEmpty()
                .allSatisfy(field -> assertThat(field.schema().getDescription())
                        .as(field.path())
                        .containsPattern("\\b" + field.schema().getMinimum().intValue() + "\\b")
                        .containsPattern("\\b" + field.schema().getMaximum().intValue() + "\\b"));
        assertThat(fields("spec")
                        .filter(f -> String.valueOf(f.schema().getPattern()).contains("(ms|s|m|h)")))
                .isNotEmpty()
                .allSatisfy(field -> assertThat(field.schema().getDescription())
                        .as(field.path())
                        .containsPattern("at least [0-9]+s|from [0-9]+s to [0-9]+h"));
    }

    private static boolean isOptionalOfSpec(Class<? extends CustomResource<?, ?>> kind, String path) {
        int dot = path.lastIndexOf('.');
        return path.startsWith("spec.")
                && !path.endsWith("[]")
                && !schemaAt(kind, path.substring(0, dot)).getRequired().contains(path.substring(dot + 1))
                && !path.equals("spec.source.stripe");
    }

    @Test
    void everyObjectNeedsASpec() {
        assertThat(CrdWriter.KINDS)
                .allSatisfy(kind -> assertThat(Crds.root(kind).getRequired()).containsExactly("spec"));
    }

    @Test
    void theColumnsStandInReadingOrder() {
        assertThat(columns(Destination.class, 0)).containsExactly("Ready", "Reason", "Version", "Syncs", "Age");
        assertThat(columns(Destination.class, 1)).containsExactly("Host", "Message");
        assertThat(columns(Sync.class, 0))
                .containsExactly("Ready", "Reason", "Source", "Schema", "Tables", "Rows", "Last Change", "Age");
        assertThat(columns(Sync.class, 1)).containsExactly("Destination", "Message");
    }

    @Test
    void bothKindsHaveShortNamesAndACommonCategory() {
        CustomResourceDefinitionNames destination =
                Crds.generated(Destination.class).getSpec().getNames();
        CustomResourceDefinitionNames sync =
                Crds.generated(Sync.class).getSpec().getNames();
        assertThat(destination.getShortNames()).containsExactly("dest");
        assertThat(sync.getShortNames()).containsExactly("sy");
        assertThat(destination.getCategories()).containsExactly("sequin");
        assertThat(sync.getCategories()).containsExactly("sequin");
    }

    /** Fields of both kinds at and below a path. */
    private static Stream<Field> fields(String under) {
        return CrdWriter.KINDS.stream()
                .flatMap(kind -> Crds.fields(kind).stream())
                .filter(field -> field.path().startsWith(under));
    }

    private static Predicate<Field> ofType(String type) {
        return field -> type.equals(field.schema().getType());
    }

    private static JSONSchemaProps schemaAt(Class<? extends CustomResource<?, ?>> kind, String path) {
        return Crds.fields(kind).stream()
                .filter(field -> field.path().equals(path))
                .map(Field::schema)
                .findFirst()
                .orElseThrow();
    }

    private static List<String> columns(Class<? extends CustomResource<?, ?>> kind, int priority) {
        return Crds.generated(kind).getSpec().getVersions().getFirst().getAdditionalPrinterColumns().stream()
                .filter(column -> column.getPriority() == priority)
                .map(CustomResourceColumnDefinition::getName)
                .toList();
    }
}
