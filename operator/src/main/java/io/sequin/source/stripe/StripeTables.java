package io.sequin.source.stripe;

import io.sequin.data.Catalog;
import io.sequin.source.stripe.TableSpec.Related;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Every table. To add one, add it to the file of its product, then write {@code stripe.layouts} anew as the test of the
 * tables says.
 */
final class StripeTables {
    static final List<TableSpec> SPECS = Stream.of(
                    CoreTables.TABLES,
                    PaymentTables.TABLES,
                    CatalogTables.TABLES,
                    BillingTables.TABLES,
                    UsageTables.TABLES,
                    ConnectTables.TABLES,
                    IssuingTables.TABLES,
                    TreasuryTables.TABLES,
                    RiskTables.TABLES,
                    OtherTables.TABLES)
            .flatMap(List::stream)
            .sorted(Comparator.comparing(TableSpec::name))
            .toList();

    private final Map<String, StripeTable> tables = new LinkedHashMap<>();
    private final Map<String, List<Subject>> subjects = new HashMap<>();
    private final Set<String> eventTypes;
    private final Catalog catalog;

    /**
     * What an event is about.
     *
     * @param field of {@code data.object} that holds the id
     * @param own whether that object is the row itself
     * @param gone whether a type that ends in {@code .deleted} tells that the row is gone, or those of its children
     * @param exceptions types that are about no row
     */
    record Subject(StripeTable table, String field, boolean own, boolean gone, Set<String> exceptions) {}

    /** Made when first asked for: who syncs no Stripe pays nothing. */
    private static final class Once {
        static final StripeTables ALL = new StripeTables(Layouts.read());
    }

    private StripeTables(Layouts layouts) {
        SPECS.forEach(spec -> tables.put(spec.name(), layouts.table(spec)));
        eventTypes = layouts.eventTypes();
        for (StripeTable table : tables.values()) {
            Set<String> exceptions = table.spec().exceptions();
            boolean gone = !table.spec().staysWhenDeleted();
            table.spec().events().forEach(prefix -> subject(prefix, new Subject(table, "id", true, gone, exceptions)));
            for (Related related : table.spec().related()) {
                subject(related.events(), new Subject(table, related.field(), false, false, exceptions));
            }
        }
        catalog = new Catalog(tables.values().stream().map(StripeTable::shape).toList());
    }

    /** What tells of a parent tells of its children. */
    private void subject(String prefix, Subject subject) {
        List<Subject> known = subjects.computeIfAbsent(prefix, p -> new ArrayList<>());
        known.add(subject);
        for (StripeTable child : tables.values()) {
            if (child.isChild()
                    && child.parentTable()
                            .filter(subject.table().name()::equals)
                            .isPresent()) {
                known.add(new Subject(child, subject.field(), false, subject.gone(), subject.exceptions()));
            }
        }
    }

    static List<StripeTable> all() {
        return List.copyOf(Once.ALL.tables.values());
    }

    static Optional<StripeTable> named(String table) {
        return Optional.ofNullable(Once.ALL.tables.get(table));
    }

    /** The table of this name, which is one of ours. */
    static StripeTable get(String table) {
        return named(table).orElseThrow(() -> new IllegalArgumentException("Stripe has no table " + table));
    }

    static Catalog catalog() {
        return Once.ALL.catalog;
    }

    /** The tables whose rows are sets of this one's. */
    static List<StripeTable> childrenOf(StripeTable parent) {
        return Once.ALL.tables.values().stream()
                .filter(t -> t.isChild()
                        && t.parentTable().filter(parent.name()::equals).isPresent())
                .toList();
    }

    /** What events of this type are about. */
    static List<Subject> ofEvent(String type) {
        int end = type.lastIndexOf('.');
        List<Subject> about = end < 0 ? null : Once.ALL.subjects.get(type.substring(0, end));
        return about == null
                ? List.of()
                : about.stream().filter(s -> !s.exceptions().contains(type)).toList();
    }

    /** The types of events that tell of these tables, as Stripe documents them. */
    static Set<String> eventTypes(Set<String> selected) {
        Set<String> types = new TreeSet<>();
        for (String type : Once.ALL.eventTypes) {
            if (ofEvent(type).stream().anyMatch(s -> selected.contains(s.table().name()))) {
                types.add(type);
            }
        }
        return types;
    }
}
