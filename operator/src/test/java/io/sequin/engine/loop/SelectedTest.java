package io.sequin.engine.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sequin.data.Catalog;
import io.sequin.data.TableSelection;
import io.sequin.data.TableShape;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SelectedTest {
    private static final Catalog CATALOG = new Catalog(Stream.of("charge", "customer", "invoice", "invoice_line_item")
            .map(name -> new TableShape(name, List.of(), List.of()))
            .toList());

    private static TableSelection excluding(String... tables) {
        return new TableSelection(Set.of(), Set.of(tables));
    }

    @Test
    void theNearestNamesAreNamed() {
        assertThatThrownBy(() -> Selected.of(CATALOG, excluding("chrage", "invoces", "zebra")))
                .hasMessageContaining("spec.tables.exclude")
                .hasMessageContaining("chrage (did you mean charge?)")
                .hasMessageContaining("invoces (did you mean invoice?)")
                .hasMessageContaining("zebra.");
        assertThatThrownBy(() -> Selected.of(CATALOG, excluding("charge", "customer", "invoice", "invoice_line_item")))
                .hasMessageContaining("leaves no table");
        assertThat(Selected.distance("chrage", "charge")).isEqualTo(2);
    }
}
