package io.sequin.source.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sequin.data.Column;
import io.sequin.data.ColumnType;
import io.sequin.data.Encoding;
import io.sequin.testkit.stripe.StripeOpenApi;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables against what Stripe publishes about that version of its API. */
class StripeTablesTest {
    private static JsonNode openApi;

    @BeforeAll
    static void readOpenApi() {
        openApi = StripeOpenApi.load().document();
    }

    static List<StripeTable> tables() {
        return StripeTable.ALL;
    }

    @Test
    void thePinnedVersionIsTheOneThatIsCompared() {
        assertThat(openApi.path("info").path("version").asText()).isEqualTo(StripeApi.VERSION);
    }

    @ParameterizedTest
    @MethodSource("tables")
    void everyFieldThatStripeDocumentsHasItsColumn(StripeTable table) {
        Map<String, String> documented = new TreeMap<>();
        JsonNode schema = openApi.path("components").path("schemas").path(table.object());
        schema.path("properties")
                .properties()
                .forEach(p -> documented.put(p.getKey(), expected(p.getKey(), p.getValue())));
        Map<String, String> ours = new TreeMap<>();
        table.shape().columns().forEach(c -> ours.put(c.field(), told(c)));

        assertThat(ours)
                .as("columns of %s against the OpenAPI schema, version %s", table.object(), StripeApi.VERSION)
                .isEqualTo(documented);
    }

    @ParameterizedTest
    @MethodSource("tables")
    void theIdIsTheFirstColumnAndTheKey(StripeTable table) {
        assertThat(table.shape().primaryKey()).containsExactly("id");
        assertThat(table.shape().columns().getFirst()).isEqualTo(Fields.text("id"));
        assertThat(table.shape().columns().stream().map(Column::name)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("tables")
    void theListIsWhereStripeDocumentsIt(StripeTable table) {
        JsonNode list = openApi.path("paths").path(table.path()).path("get");
        assertThat(list.findValuesAsText("$ref")).contains("#/components/schemas/" + table.object());
        assertThat(list.path("parameters").findValuesAsText("name")).contains("limit", "starting_after", "created");
    }

    @Test
    void everyEventTypeIsInStripesListOfTypes() {
        JsonNode types = openApi.at("/paths/~1v1~1webhook_endpoints/post/requestBody/content")
                .path("application/x-www-form-urlencoded")
                .at("/schema/properties/enabled_events/items/enum");
        List<String> documented = StreamSupport.stream(types.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
        List<String> ours = StripeTable.ALL.stream()
                .flatMap(t -> Stream.concat(t.eventTypes().stream(), t.relatedTypes().stream()))
                .toList();

        assertThat(documented).containsAll(ours);
        assertThat(ours).as("one request may name twenty types").hasSizeLessThanOrEqualTo(20);
        StripeTable.ALL.forEach(table -> {
            List<String> ofObject = documented.stream()
                    .filter(type -> type.matches(table.object() + "\\.[a-z_]+"))
                    .toList();
            assertThat(table.eventTypes()).containsExactlyInAnyOrderElementsOf(ofObject);
        });
    }

    @ParameterizedTest
    @MethodSource("tables")
    void relatedObjectsNameTheRow(StripeTable table) {
        Map<String, String> carried =
                Map.of("customer.discount", "discount", "charge.dispute", "dispute", "charge.refund", "refund");
        for (String type : table.relatedTypes()) {
            String object = carried.get(type.substring(0, type.lastIndexOf('.')));
            assertThat(openApi.path("components")
                            .path("schemas")
                            .path(String.valueOf(object))
                            .path("properties")
                            .has(table.object()))
                    .as("%s has the field %s", object, table.object())
                    .isTrue();
        }
    }

    private static String told(Column column) {
        return column.name() + " " + column.type() + " " + column.encoding();
    }

    /** The rules of the manual, read from the schema alone. */
    private static String expected(String field, JsonNode schema) {
        if ((schema.has("x-expansionResources") && acceptsText(schema)) || isPlainReference(schema)) {
            return field + "_id " + ColumnType.TEXT + " " + Encoding.REFERENCE;
        }
        return field + " "
                + switch (schema.path("type").asText()) {
                    case "boolean" -> ColumnType.BOOLEAN + " " + Encoding.PLAIN;
                    case "number" -> ColumnType.NUMERIC + " " + Encoding.PLAIN;
                    case "integer" ->
                        schema.path("format").asText().equals("unix-time")
                                ? ColumnType.TIMESTAMPTZ + " " + Encoding.EPOCH_SECONDS
                                : ColumnType.BIGINT + " " + Encoding.PLAIN;
                    case "string" ->
                        (schema.path("format").asText().equals("decimal") ? ColumnType.NUMERIC : ColumnType.TEXT) + " "
                                + Encoding.PLAIN;
                    default -> ColumnType.JSONB + " " + Encoding.PLAIN;
                };
    }

    private static boolean acceptsText(JsonNode schema) {
        return StreamSupport.stream(schema.path("anyOf").spliterator(), false)
                .anyMatch(option -> option.path("type").asText().equals("string"));
    }

    /** Fields that can't be expanded but hold an id say so in words only. */
    private static boolean isPlainReference(JsonNode schema) {
        return schema.path("type").asText().equals("string")
                && schema.path("description").asText().matches("(?s)(The )?ID of .*");
    }
}
