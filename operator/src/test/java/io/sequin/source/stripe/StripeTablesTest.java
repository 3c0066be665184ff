package io.sequin.source.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sequin.data.Column;
import io.sequin.data.ColumnType;
import io.sequin.source.stripe.TableSpec.Parent;
import io.sequin.testkit.stripe.StripeOpenApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables against what Stripe publishes about that version of its API. */
class StripeTablesTest {
    private static final Path FILE = Path.of("src/main/resources/io/sequin/source/stripe/stripe.layouts");
    private static final String COMMAND = "mvn -pl operator -am test -Dtest=StripeTablesTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dstripe.write";

    /** Listable objects that are no table, and why. */
    private static final Map<String, String> NO_TABLE = Map.ofEntries(
            Map.entry("event", "the feed of changes itself"),
            Map.entry("apps.secret", "a store of secrets"),
            Map.entry("bank_account", "listed by customer or account only: a request for each of them"),
            Map.entry("card", "listed by customer or account only: a request for each of them"),
            Map.entry("customer_balance_transaction", "listed by customer only: a request for each of them"),
            Map.entry("customer_cash_balance_transaction", "listed by customer only: a request for each of them"),
            Map.entry("entitlements.active_entitlement", "listed by customer only: a request for each of them"),
            Map.entry("capability", "listed by connected account only, and its id repeats in each of them"),
            Map.entry("person", "listed by connected account only: a request for each of them"),
            Map.entry("payment_intent_amount_details_line_item", "a request for each payment intent, most without any"),
            Map.entry("product_feature", "listed by product only, and no event tells of it"),
            Map.entry("financial_connections.account_owner", "needs the id of an ownership, which no list gives"),
            Map.entry("billing.meter_event_summary", "computed for a customer and a window of time"),
            Map.entry("source_transaction", "of sources, which can't be listed"),
            Map.entry("tax.calculation_line_item", "of calculations, which can't be listed"),
            Map.entry("tax.transaction_line_item", "of transactions, which can't be listed"),
            Map.entry("billing.feedback_option", "the same for everybody"),
            Map.entry("climate.product", "the same for everybody"),
            Map.entry("climate.supplier", "the same for everybody"),
            Map.entry("country_spec", "the same for everybody"),
            Map.entry("exchange_rate", "the same for everybody"),
            Map.entry("reporting.report_type", "the same for everybody"),
            Map.entry("tax_code", "the same for everybody"));

    private static StripeOpenApi api;
    private static JsonNode schemas;

    @BeforeAll
    static void readOpenApi() {
        api = StripeOpenApi.load();
        schemas = api.document().at("/components/schemas");
    }

    static List<StripeTable> tables() {
        return StripeTables.all();
    }

    @Test
    void thePinnedVersionIsTheOneThatIsCompared() {
        assertThat(api.apiVersion()).isEqualTo(StripeApi.VERSION);
    }

    @Test
    void theCommittedLayoutsAreThoseOfThePublishedDescription() throws IOException {
        String text = new LayoutsText(api).text();
        if (System.getProperty("stripe.write") != null) {
            Files.writeString(FILE, text);
        }
        assertThat(FILE).as("write the file again: " + COMMAND).content().isEqualTo(text);
    }

    @Test
    void everyObjectThatStripeListsIsATableOrSaysWhyNot() {
        Set<String> tables = StripeTables.SPECS.stream().map(TableSpec::object).collect(Collectors.toSet());
        Set<String> listed = new TreeSet<>();
        api.document().path("paths").properties().forEach(path -> listed.addAll(listedAt(path.getValue())));

        assertThat(listed).hasSizeGreaterThan(90);
        Set<String> missing = new TreeSet<>(listed);
        missing.removeAll(tables);
        assertThat(missing).isEqualTo(new TreeSet<>(NO_TABLE.keySet()));
        assertThat(listed).containsAll(tables);
    }

    /** The object of a path whose answer has {@code data} and {@code has_more}, if it has an id. */
    private static Set<String> listedAt(JsonNode path) {
        JsonNode answer = path.at("/get/responses/200/content/application~1json/schema");
        JsonNode schema = answer.has("$ref") ? schemas.path(nameOf(answer)) : answer;
        JsonNode properties = schema.path("properties");
        String name = nameOf(properties.at("/data/items"));
        return properties.has("has_more")
                        && schemas.path(name).path("properties").has("id")
                ? Set.of(name)
                : Set.of();
    }

    private static String nameOf(JsonNode reference) {
        String ref = reference.path("$ref").asText();
        return ref.substring(ref.lastIndexOf('/') + 1);
    }

    @ParameterizedTest
    @MethodSource("tables")
    void theIdIsTheFirstColumnAndTheKey(StripeTable table) {
        assertThat(table.shape().primaryKey()).containsExactly("id");
        assertThat(table.shape().columns().getFirst()).isEqualTo(Fields.column("id", "text"));
        assertThat(table.shape().columns().stream().map(Column::name)).doesNotHaveDuplicates();
    }

    @Test
    void namesAreUniqueSnakeCaseAndSingular() {
        assertThat(tables())
                .extracting(StripeTable::name)
                .doesNotHaveDuplicates()
                .allMatch(n -> n.matches("[a-z_]+"));
        assertThat(tables())
                .extracting(StripeTable::name)
                .contains("checkout_session", "invoice_item", "subscription_item");
    }

    @ParameterizedTest
    @CsvSource({
        "charge, payment_method, payment_method_id, TEXT",
        "charge, created, created, TIMESTAMPTZ",
        "charge, amount, amount, BIGINT",
        "charge, paid, paid, BOOLEAN",
        "charge, metadata, metadata, JSONB",
        "price, unit_amount_decimal, unit_amount_decimal, TEXT",
        "shipping_rate, metadata, metadata, JSONB",
        "coupon, percent_off, percent_off, NUMERIC",
        "subscription_item, subscription, subscription_id, TEXT",
        "checkout_session_line_item, checkout_session, checkout_session_id, TEXT",
        "checkout_session, client_reference_id, client_reference_id, TEXT",
        "billing_portal_configuration, is_default, is_default, BOOLEAN"
    })
    void fieldsBecomeColumnsByTheRulesOfTheManual(String table, String field, String column, ColumnType type) {
        assertThat(StripeTables.get(table).shape().columns())
                .filteredOn(c -> c.field().equals(field))
                .singleElement()
                .satisfies(c -> {
                    assertThat(c.name()).isEqualTo(column);
                    assertThat(c.type()).isEqualTo(type);
                });
    }

    @Test
    void theWordDefaultIsNoColumn() {
        assertThat(Fields.column("default", "bool").name()).isEqualTo("is_default");
    }

    @ParameterizedTest
    @MethodSource("tables")
    void theListIsWhereStripeDocumentsItWithTheParametersWeUse(StripeTable table) {
        String path = table.place().path();
        JsonNode paths = api.document().path("paths");
        String documented = Stream.of(path, path.replaceFirst("\\{parent}.*", ""))
                .filter(p -> !p.isEmpty())
                .flatMap(p ->
                        paths.properties().stream().map(Map.Entry::getKey).filter(k -> k.equals(p) || matches(k, path)))
                .findFirst()
                .orElseThrow();
        assertThat(paths.path(documented).path("get").findValuesAsText("$ref"))
                .contains("#/components/schemas/" + table.object());
        assertThat(api.queryParameters(documented)).contains("limit", "starting_after");
        if (!table.place().parameter().isEmpty()) {
            assertThat(api.queryParameters(documented))
                    .contains(table.place().parameter().replaceFirst("=.*", ""));
        }
    }

    @ParameterizedTest
    @MethodSource("tables")
    void eachRowCanBeAskedForByItsIdOrItsParents(StripeTable table) {
        StripeTable asked =
                table.isChild() ? StripeTables.get(table.parentTable().orElseThrow()) : table;
        assertThat(api.document().path("paths").properties())
                .as("GET " + asked.place().path() + "/{id}")
                .anyMatch(path ->
                        path.getKey().matches(Pattern.quote(asked.place().path()) + "/\\{[a-z_]+}")
                                && path.getValue().has("get"));
    }

    private static boolean matches(String documented, String ours) {
        return documented.replaceAll("\\{[a-z_]+}", "{parent}").equals(ours);
    }

    @ParameterizedTest
    @MethodSource("tables")
    void parentsAreTablesThatHaveTheListTheyBring(StripeTable table) {
        Parent parent = table.spec().parent().orElse(null);
        assertThat(parent != null).isEqualTo(table.place().needsParent());
        assertThat(table.shape().parent().isPresent()).isEqualTo(table.isChild());
        if (parent != null) {
            StripeTable of = StripeTables.get(parent.table());
            assertThat(of.place().needsParent()).isFalse();
            if (parent.embedded() != null) {
                JsonNode list = schemas.path(of.object()).path("properties").path(parent.embedded());
                assertThat(nameOf(list.at("/properties/data/items"))).isEqualTo(table.object());
                assertThat(schemas.path(of.object()).path("required"))
                        .extracting(JsonNode::asText)
                        .contains(parent.embedded());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("tables")
    void statesThatAreReadAgainAreStatesThatStripeDocuments(StripeTable table) {
        Set<String> open = Again.open(table);
        if (!open.isEmpty()) {
            JsonNode status = schemas.path(table.object()).path("properties").path("status");
            assertThat(
                            status.path("enum").isMissingNode()
                                    ? status.path("description").asText()
                                    : status.path("enum").toString())
                    .contains(open);
        }
        if (table.spec().rhythm() instanceof TableSpec.Rhythm.NewRows) {
            assertThat(table.created()).isTrue();
        }
    }
}
