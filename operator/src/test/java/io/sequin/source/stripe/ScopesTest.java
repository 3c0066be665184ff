package io.sequin.source.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Scope;
import io.sequin.source.Lane;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which rows a first pass would bring: others are not gone because it does not. */
class ScopesTest {
    private static final Instant DAY = Instant.parse("2020-01-01T00:00:00Z");
    private static final Optional<Scope.Since> SINCE = Optional.of(new Scope.Since("created", DAY));

    private static List<Lane> firstPasses(OptionalLong since) {
        Set<String> all = StripeTables.all().stream().map(StripeTable::name).collect(Collectors.toSet());
        return LanePlan.of(all, Instant.now(), since).stream()
                .filter(lane -> lane.kind() == Lane.Kind.FIRST_PASS)
                .toList();
    }

    private static Scope scope(String table, OptionalLong since) {
        Lane lane = firstPasses(since).stream()
                .filter(l -> l.tables().contains(table))
                .findFirst()
                .orElseThrow();
        return lane.scopes().getOrDefault(table, Scope.ALL);
    }

    private static Scope scope(String table) {
        return scope(table, OptionalLong.of(DAY.getEpochSecond()));
    }

    @Test
    void aListThatCanBeCutBeginsAtTheStartDate() {
        assertThat(scope("charge")).isEqualTo(new Scope(Optional.empty(), SINCE).by(Scope.Word.ROW));
        assertThat(scope("charge", OptionalLong.empty())).isEqualTo(Scope.ALL.by(Scope.Word.ROW));
    }

    @Test
    void aListThatCannotBeCutIsWhole() {
        assertThat(scope("quote").since()).isEmpty();
    }

    @Test
    void rowsOfAParentAreListedWhereTheParentIs() {
        Scope.Parent invoice = new Scope.Parent("invoice", parentColumn("invoice_line_item"));
        assertThat(scope("invoice_line_item")).isEqualTo(new Scope(Optional.of(invoice), SINCE).by(Scope.Word.ROW));
        assertThat(scope("invoice_line_item", OptionalLong.empty()))
                .isEqualTo(new Scope(Optional.of(invoice), Optional.empty()).by(Scope.Word.ROW));
    }

    @Test
    void rowsThatStandForThemselvesMayBeListedByOthers() {
        assertThat(scope("issuing_token"))
                .isEqualTo(
                        new Scope(Optional.of(new Scope.Parent("issuing_card", "card_id")), SINCE).by(Scope.Word.ROW));
    }

    @Test
    void noListIsBelievedThatARowIsGone() {
        assertThat(firstPasses(OptionalLong.empty()))
                .allSatisfy(lane -> assertThat(lane.tables())
                        .allSatisfy(table -> assertThat(lane.scopes()
                                        .getOrDefault(table, Scope.ALL)
                                        .word())
                                .isNotEqualTo(Scope.Word.LISTING)));
    }

    @Test
    void aListOfWhichStripeSaysThatItLeavesRowsOutIsNotWhole() {
        for (String table : List.of("review", "price", "customer", "subscription", "subscription_item", "quote")) {
            assertThat(scope(table, OptionalLong.empty()).isWhole()).as(table).isFalse();
        }
        assertThat(scope("charge", OptionalLong.empty()).isWhole()).isTrue();
    }

    @Test
    void theColumnsAreThere() {
        for (Lane lane : firstPasses(OptionalLong.of(1))) {
            for (Map.Entry<String, Scope> scope : lane.scopes().entrySet()) {
                scope.getValue()
                        .parent()
                        .ifPresent(parent -> assertThat(columns(scope.getKey())).contains(parent.column()));
                String list = scope.getValue().parent().map(Scope.Parent::table).orElse(scope.getKey());
                scope.getValue()
                        .since()
                        .ifPresent(since -> assertThat(columns(list)).contains(since.column()));
            }
        }
    }

    private static List<String> columns(String table) {
        return StripeTables.get(table).shape().columns().stream()
                .map(c -> Objects.requireNonNull(c.name()))
                .toList();
    }

    private static String parentColumn(String table) {
        return StripeTables.get(table).shape().parent().orElseThrow();
    }
}
