package io.sequin.postgres.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Column;
import io.sequin.data.ColumnType;
import io.sequin.data.Encoding;
import io.sequin.data.TableShape;
import io.sequin.postgres.Identifier;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnNamesTest {
    private static Column column(String name, String field) {
        return new Column(name, field, ColumnType.TEXT, Encoding.PLAIN);
    }

    private static TableShape shape(String... fields) {
        List<Column> columns = Stream.concat(Stream.of("id"), Stream.of(fields))
                .map(field -> column(field, field))
                .toList();
        return new TableShape("t", columns, List.of("id"));
    }

    private static List<StoredColumn> stored(TableShape shape) {
        return StoredColumn.parse(StoredColumn.json(shape, List.of()));
    }

    private static List<String> names(TableShape shape) {
        return shape.columns().stream().map(Column::name).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "amount, amount",
        "createdAt, created_at",
        "HTTPStatus, httpstatus",
        "line2Text, line2_text",
        "billing.address, billing_address",
        "Größe, größe",
        "xmin, xmin_",
        "ctid, ctid_",
        "tableoid, tableoid_",
        "OID, oid_",
        "_sync_extra, sync_extra",
        "select, select",
        "'', column"
    })
    void aNameIsSnakeCaseAndNobodyElses(String proposed, String name) {
        assertThat(ColumnNames.fit(proposed)).isEqualTo(name);
        assertThat(ColumnNames.fit(name)).isEqualTo(name);
    }

    @Test
    void aLongNameIsCutAtACharacterAndEndsWithItsHash() {
        String first = ColumnNames.fit("ü".repeat(35));
        String second = ColumnNames.fit("ü".repeat(36));
        assertThat(Identifier.isValid(first)).isTrue();
        assertThat(first).startsWith("ü".repeat(27) + "_").isNotEqualTo(second);
        assertThat(ColumnNames.fit("ü".repeat(35))).isEqualTo(first);
    }

    @Test
    void namesThatBecomeEqualGetASuffixAndKeepItWhateverTheirOrder() {
        TableShape first = ColumnNames.of(shape("fooBar", "foo_bar", "foo.bar"), List.of(), Set.of());
        assertThat(names(first)).containsExactly("id", "foo_bar", "foo_bar_2", "foo_bar_3");
        TableShape turned = ColumnNames.of(shape("foo.bar", "foo_bar", "fooBar"), stored(first), Set.of());
        assertThat(names(turned)).containsExactly("id", "foo_bar_3", "foo_bar_2", "foo_bar");
        TableShape fewer = ColumnNames.of(shape("foo.bar", "foo-bar"), stored(first), Set.of());
        assertThat(names(fewer)).containsExactly("id", "foo_bar_3", "foo_bar_4");
    }

    @Test
    void aColumnThatSomebodyAddedStaysTheirs() {
        TableShape first = ColumnNames.of(shape("amount"), List.of(), Set.of());
        TableShape more = ColumnNames.of(shape("amount", "notes"), stored(first), Set.of("id", "amount", "notes"));
        assertThat(names(more)).containsExactly("id", "amount", "notes_2");
    }

    @Test
    void aLongSuffixedNameStillFits() {
        String name = "x".repeat(63);
        TableShape named = ColumnNames.of(shape(name, "X" + "x".repeat(62)), List.of(), Set.of());
        assertThat(names(named)).doesNotHaveDuplicates().allMatch(Identifier::isValid);
    }

    @Test
    void whatTheSourceDoesNotHaveAnyMoreKeepsItsName() {
        TableShape before = ColumnNames.of(shape("a", "b"), List.of(), Set.of());
        String recorded = StoredColumn.json(ColumnNames.of(shape("a"), stored(before), Set.of()), stored(before));
        assertThat(StoredColumn.parse(recorded)).extracting(StoredColumn::name).containsExactly("id", "a", "b");
    }

    @Test
    void keyAndParentFollowTheirColumnsAndStayWhereTheyAre() {
        TableShape shape = new TableShape(
                "t",
                List.of(column("lineId", "id"), column("parentId", "parent")),
                List.of("lineId"),
                Optional.of("parentId"));
        TableShape named = ColumnNames.of(shape, List.of(), Set.of());
        assertThat(named.primaryKey()).containsExactly("line_id");
        assertThat(named.parent()).contains("parent_id");
        TableShape otherField = new TableShape("t", List.of(column("line_id", "key")), List.of("line_id"));
        assertThat(ColumnNames.of(otherField, stored(named), Set.of()).primaryKey())
                .containsExactly("line_id");
    }
}
