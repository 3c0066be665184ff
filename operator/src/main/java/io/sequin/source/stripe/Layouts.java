package io.sequin.source.stripe;

import io.sequin.data.Column;
import io.sequin.data.TableShape;
import io.sequin.source.stripe.TableSpec.Parent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Columns and event types as the file {@code stripe.layouts} has them, which a test writes from the OpenAPI description
 * that Stripe publishes. Read when first asked for, in a few milliseconds.
 */
final class Layouts {
    static final String FILE = "stripe.layouts";

    private static final String CREATED = "created";
    private static final String PARENT = "parent";

    private final Map<String, Layout> tables = new HashMap<>();
    private final Set<String> eventTypes = new TreeSet<>();

    /** Of one table. */
    private record Layout(boolean created, boolean addsParent, List<Column> columns) {}

    private Layouts() {}

    static Layouts read() {
        Layouts all = new Layouts();
        try (InputStream file = Objects.requireNonNull(Layouts.class.getResourceAsStream(FILE), FILE);
                BufferedReader lines = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
            all.readAll(lines);
            return all;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Every event type that Stripe documents. */
    Set<String> eventTypes() {
        return eventTypes;
    }

    StripeTable table(TableSpec spec) {
        Layout layout = tables.get(spec.name());
        if (layout == null) {
            throw new IllegalStateException(FILE + " has no table " + spec.name());
        }
        Optional<String> parent = spec.parent().filter(Parent::owns).map(p -> columnOf(layout, p.field()));
        return new StripeTable(
                spec,
                new TableShape(spec.name(), layout.columns(), List.of("id"), parent),
                layout.created(),
                layout.addsParent());
    }

    private static String columnOf(Layout layout, String field) {
        return layout.columns().stream()
                .filter(c -> c.field().equals(field))
                .map(Column::name)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(FILE + " has no column for the parent field " + field));
    }

    private void readAll(BufferedReader lines) throws IOException {
        List<Column> columns = new ArrayList<>();
        String table = null;
        boolean created = false;
        boolean addsParent = false;
        String line;
        while ((line = lines.readLine()) != null) {
            String[] words = line.split(" ", -1);
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (words[0].equals("event")) {
                eventTypes.add(words[1]);
            } else if (words[0].equals("table")) {
                add(table, created, addsParent, columns);
                table = words[1];
                created = words.length > 2 && words[2].equals(CREATED);
                addsParent = false;
                columns = new ArrayList<>();
            } else {
                addsParent |= words[1].equals(PARENT);
                columns.add(Fields.column(words[0], words[1]));
            }
        }
        add(table, created, addsParent, columns);
    }

    private void add(@Nullable String table, boolean created, boolean addsParent, List<Column> columns) {
        if (table != null) {
            tables.put(table, new Layout(created, addsParent, List.copyOf(columns)));
        }
    }
}
