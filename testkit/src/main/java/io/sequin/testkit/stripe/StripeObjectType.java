package io.sequin.testkit.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A kind of objects that the fake stores: what one list path of Stripe's published OpenAPI document shows. There is one instance a
 * path, so identity is equality.
 */
public final class StripeObjectType {
    private static final StripeCatalog CATALOG = StripeCatalog.of(StripeOpenApi.load());
    /** A customer; a deleted one stays retrievable as {@code {id, object, deleted: true}}. */
    public static final StripeObjectType CUSTOMER = of("customer");
    /** A product; its id may be chosen by the client, so a deleted one may be created again. */
    public static final StripeObjectType PRODUCT = of("product");
    /** A charge; never deleted. */
    public static final StripeObjectType CHARGE = of("charge");

    private final String path;
    private final List<Variant> variants;
    private final Optional<Parent> parent;
    private final Map<String, StripeParameter> parameters;
    private final List<StripeEventType> events;
    private final boolean paged;
    private final boolean retrievable;
    private final boolean shownWhenDeleted;
    private final boolean deletable;
    private final Map<String, List<String>> embeddedLists;
    private final JsonNode properties;

    /**
     * One schema of the elements.
     *
     * @param schema its name, for example {@code issuing.card}
     * @param idPrefix how ids start
     */
    record Variant(String schema, String idPrefix) {}

    /**
     * Whose children the objects are.
     *
     * @param param the name that the parent's id has in the path or query
     * @param inPath whether it is part of the path
     */
    record Parent(StripeObjectType type, String param, boolean inPath) {}

    StripeObjectType(
            String path,
            List<Variant> variants,
            Optional<Parent> parent,
            List<StripeParameter> parameters,
            List<StripeEventType> events,
            StripeOpenApi api) {
        this.path = path;
        this.variants = variants;
        this.parent = parent;
        this.parameters = parameters.stream().collect(Collectors.toMap(StripeParameter::name, p -> p));
        this.events = events;
        this.paged = this.parameters.containsKey("starting_after");
        JsonNode one = api.retrieval(path);
        this.retrievable = !one.isMissingNode();
        String schema = variants.getFirst().schema();
        this.shownWhenDeleted = one.findValuesAsText("$ref").stream().anyMatch(r -> r.endsWith("/deleted_" + schema));
        this.deletable = api.hasSchema("deleted_" + schema);
        this.embeddedLists = api.shownLists(schema);
        this.properties = api.schema(schema).path("properties");
    }

    /**
     * The kind by the value of the field {@code object}, for example {@code checkout.session}. Where several paths list such
     * objects it is the one that needs no parent.
     *
     * @throws IllegalArgumentException where no path lists it, or only paths of several parents do: then use {@link #at}
     */
    public static StripeObjectType of(String wireName) {
        return CATALOG.named(wireName);
    }

    /**
     * The kind by the path of its list as the OpenAPI document spells it, for example {@code /v1/invoices/{invoice}/lines}.
     *
     * @throws IllegalArgumentException where the fake has no such list
     */
    public static StripeObjectType at(String path) {
        return CATALOG.at(path);
    }

    /** Every kind, in order of its path, parents before children. */
    public static List<StripeObjectType> all() {
        return CATALOG.types();
    }

    /** Customer, product and charge: what {@link StripeData#seed(long, int, int, int)} fills. */
    public static List<StripeObjectType> core() {
        return List.of(CUSTOMER, PRODUCT, CHARGE);
    }

    /** The value of the field {@code object}, for example {@code customer}; of the first schema where there are several. */
    public String wireName() {
        return variants.getFirst().schema();
    }

    /** The path of the list, for example {@code /v1/customers}. */
    public String path() {
        return path;
    }

    /** Whose children these objects are; empty: their list needs no parent. */
    public Optional<StripeObjectType> parentType() {
        return parent.map(Parent::type);
    }

    /** What a restricted key needs to read this kind; children need what their parent needs. */
    public StripePermission permission() {
        return parent.map(p -> p.type().permission()).orElseGet(() -> StripePermission.toRead(wireName()));
    }

    /** The events about such an object that Stripe documents; empty: nobody hears of its changes. */
    public List<StripeEventType> events() {
        return events;
    }

    /** The part of Stripe that an account may lack, by its first path segment, for example {@code issuing}; empty: every account has it. */
    public Optional<String> product() {
        String first = path.split("/", -1)[2];
        return StripeProducts.OPTIONAL.contains(first) ? Optional.of(first) : Optional.empty();
    }

    /** The event of this happening; empty: Stripe has none. */
    Optional<StripeEventType> event(String happening) {
        return events.stream().filter(e -> e.happening().equals(happening)).findFirst();
    }

    List<Variant> variants() {
        return variants;
    }

    Optional<Parent> parent() {
        return parent;
    }

    Map<String, StripeParameter> parameters() {
        return parameters;
    }

    /** Whether {@code limit} and the cursors exist; else the list is always whole. */
    boolean paged() {
        return paged;
    }

    boolean retrievable() {
        return retrievable;
    }

    /** Whether a deleted one is answered as {@code {id, object, deleted: true}}. */
    boolean shownWhenDeleted() {
        return shownWhenDeleted;
    }

    /** Whether Stripe deletes such objects at all. */
    public boolean deletable() {
        return deletable;
    }

    /** The lists that an object always shows, with the schemas of their elements. */
    Map<String, List<String>> embeddedLists() {
        return embeddedLists;
    }

    boolean hasProperty(String name) {
        return properties.has(name);
    }

    static Optional<StripeObjectType> storing(String schema) {
        return CATALOG.storing(schema);
    }

    static Collection<StripeObjectType> childrenOf(StripeObjectType parent) {
        return CATALOG.childrenOf(parent);
    }

    static StripeCatalog catalog() {
        return CATALOG;
    }

    /** The path. */
    @Override
    public String toString() {
        return path;
    }
}
