package io.sequin.testkit.stripe;

import io.sequin.testkit.stripe.StripeObjectType.Parent;
import io.sequin.testkit.stripe.StripeObjectType.Variant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which lists Stripe has, found in its OpenAPI document: every GET whose answer has {@code data} and {@code has_more} and whose
 * elements have an id, with the parent that its path or a required parameter names.
 */
final class StripeCatalog {
    /** Lists that are not served, each with its reason. */
    static final Map<String, String> EXCLUDED = Map.ofEntries(
            Map.entry("/v1/events", "answered by the event log"),
            Map.entry("/v1/accounts/{account}/capabilities", "ids repeat in each account"),
            Map.entry("/v1/accounts/{account}/people", "older name of /v1/accounts/{account}/persons"),
            Map.entry("/v1/apps/secrets", "needs a scope, a hash that no list of objects gives"),
            Map.entry("/v1/balance/history", "older name of /v1/balance_transactions"),
            Map.entry("/v1/billing/meters/{id}/event_summaries", "computed for a customer and a time window"),
            Map.entry("/v1/credit_notes/preview/lines", "computed for a credit note that does not exist"),
            Map.entry("/v1/customers/{customer}/bank_accounts", "deprecated in favour of sources"),
            Map.entry("/v1/customers/{customer}/cards", "deprecated in favour of sources"),
            Map.entry("/v1/financial_connections/accounts/{account}/owners", "needs an ownership, which no list gives"),
            Map.entry("/v1/linked_accounts", "older name of /v1/financial_connections/accounts"),
            Map.entry("/v1/quotes/{quote}/computed_upfront_line_items", "computed; ids repeat those of line_items"));

    private final Map<String, StripeObjectType> types = new LinkedHashMap<>();
    private final Map<String, View> views = new LinkedHashMap<>();
    /** Lists without a parent first. */
    private final Map<String, List<StripeObjectType>> bySchema = new HashMap<>();

    private final Map<StripeObjectType, List<StripeObjectType>> children = new HashMap<>();
    private final StripeOpenApi api;
    private final IdPrefixes prefixes;
    private final Map<String, List<StripeEventType>> events;

    /**
     * A child path that shows objects of a list without parents.
     *
     * @param parent whose id is in the path
     * @param shown what is listed
     * @param field of the objects that holds the parent's id
     */
    record View(String path, StripeObjectType parent, StripeObjectType shown, String field) {}

    private StripeCatalog(StripeOpenApi api) {
        this.api = api;
        this.prefixes = new IdPrefixes(api);
        this.events = EventSubjects.bySchema(api);
    }

    static StripeCatalog of(StripeOpenApi api) {
        StripeCatalog catalog = new StripeCatalog(api);
        List<String> paths = api.listPaths().stream()
                .filter(p -> !EXCLUDED.containsKey(p) && !p.endsWith("/search"))
                .toList();
        // parents first; what names a parent that no list shows is left out
        paths.stream().filter(p -> !catalog.namesParent(p)).forEach(catalog::add);
        paths.stream().filter(catalog::namesParent).forEach(catalog::add);
        return catalog;
    }

    List<StripeObjectType> types() {
        return List.copyOf(types.values());
    }

    Collection<View> views() {
        return views.values();
    }

    StripeObjectType at(String path) {
        StripeObjectType type = types.get(path);
        if (type == null) {
            throw new IllegalArgumentException("the fake has no list at " + path);
        }
        return type;
    }

    StripeObjectType named(String wireName) {
        return storing(wireName)
                .orElseThrow(() -> new IllegalArgumentException("no list, or several ones, show " + wireName + ": "
                        + bySchema.getOrDefault(wireName, List.of())));
    }

    /** Where objects of a schema are stored; empty: nowhere, or in several places. */
    Optional<StripeObjectType> storing(String schema) {
        List<StripeObjectType> found = bySchema.getOrDefault(schema, List.of());
        return found.size() == 1
                        || (found.size() > 1 && found.getFirst().parent().isEmpty())
                ? Optional.of(found.getFirst())
                : Optional.empty();
    }

    /** How ids of a schema start, stored or not. */
    String idPrefix(String schema) {
        return prefixes.of(schema);
    }

    List<StripeObjectType> childrenOf(StripeObjectType parent) {
        return children.getOrDefault(parent, List.of());
    }

    private boolean namesParent(String path) {
        return path.contains("{") || requiredParameter(path).isPresent();
    }

    private Optional<String> requiredParameter(String path) {
        return api.parameters(path).stream()
                .filter(StripeParameter::required)
                .map(StripeParameter::name)
                .findFirst();
    }

    private void add(String path) {
        List<StripeParameter> parameters = api.parameters(path);
        List<String> schemas = api.elementSchemas(path);
        Parent parent = null;
        if (namesParent(path)) {
            parent = path.contains("{")
                    ? parentInPath(path)
                    : parentInQuery(path, requiredParameter(path).orElseThrow());
            if (parent == null) {
                return;
            }
            Optional<StripeObjectType> whole = schemas.size() == 1 ? storing(schemas.getFirst()) : Optional.empty();
            String param = parent.param();
            if (whole.isPresent() && whole.get().parameters().containsKey(param)) {
                views.put(path, new View(path, parent.type(), whole.get(), param));
                return;
            }
        }
        List<Variant> variants =
                schemas.stream().map(s -> new Variant(s, prefixes.of(s))).toList();
        Optional<String> parentName =
                Optional.ofNullable(parent).map(p -> p.type().wireName());
        List<StripeEventType> about = schemas.stream()
                .flatMap(s -> events.getOrDefault(s, List.of()).stream())
                .filter(e -> EventSubjects.concerns(e, parentName))
                .distinct()
                .toList();
        StripeObjectType type =
                new StripeObjectType(path, variants, Optional.ofNullable(parent), parameters, about, api);
        types.put(path, type);
        if (schemas.size() == 1) {
            bySchema.computeIfAbsent(schemas.getFirst(), s -> new ArrayList<>()).add(type);
        }
        if (parent != null) {
            children.computeIfAbsent(parent.type(), p -> new ArrayList<>()).add(type);
        }
    }

    /** {@code /v1/invoices/{invoice}/lines} belongs to {@code /v1/invoices}. */
    private @Nullable Parent parentInPath(String path) {
        int open = path.indexOf("/{");
        StripeObjectType type = types.get(path.substring(0, open));
        return type == null ? null : new Parent(type, path.substring(open + 2, path.indexOf('}')), true);
    }

    /** {@code card} of {@code /v1/issuing/tokens} is listed at {@code /v1/issuing/cards}: the same first segment wins. */
    private @Nullable Parent parentInQuery(String path, String param) {
        String namespace = path.split("/", -1)[2];
        return storing(namespace + "." + param)
                .or(() -> storing(param))
                .map(type -> new Parent(type, param, false))
                .orElse(null);
    }
}
