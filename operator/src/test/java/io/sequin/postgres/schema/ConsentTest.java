package io.sequin.postgres.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.ResyncRequest;
import io.sequin.data.StorageMemory;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsentTest {
    private static Consent consent(@Nullable String storage, @Nullable String handled, @Nullable String asked) {
        return new Consent(
                new StorageMemory(
                        Optional.ofNullable(storage), handled == null ? Set.of() : Set.of(handled.split(" "))),
                Optional.ofNullable(asked).map(token -> new ResyncRequest(token, Set.of())));
    }

    @ParameterizedTest(name = "storage {0}, known {1}, asked for {2}: missed {3}")
    @CsvSource({
        ", , , false", //
        ", old, old, false",
        "s1, , , true",
        "s1, old, , true",
        "s1, old, old, true",
        "s1, old, new, false",
        "s1, old under-way, under-way, true",
        "s1, old under-way, new, false",
        "s1, , first, false",
    })
    void aSchemaThatWasThereIsMissedUntilATokenNobodyHasSeen(
            @Nullable String storage, @Nullable String handled, @Nullable String asked, boolean missed) {
        assertThat(consent(storage, handled, asked).isMissed()).isEqualTo(missed);
    }

    @ParameterizedTest(name = "handled {0}, under way {1}, asked for {2}: agreed {3}")
    @CsvSource({
        "old, , , false",
        "old, , old, false",
        ", now, now, false",
        "old, now, new, true", //
        ", , first, true",
    })
    void anotherAccountNeedsATokenThatIsNeitherDoneNorUnderWay(
            @Nullable String handled, @Nullable String underWay, @Nullable String asked, boolean agreed) {
        ResyncRecord recorded = new ResyncRecord(handled, underWay, Set.of(), Set.of("charge"), Set.of(), null);
        assertThat(consent("s1", null, asked).toOtherAccount(recorded).isPresent())
                .isEqualTo(agreed);
    }

    @Test
    void aTokenForSomeTablesAgreesToNothing() {
        Optional<ResyncRequest> some = Optional.of(new ResyncRequest("new", Set.of("charge")));
        Consent consent = new Consent(new StorageMemory(Optional.of("s1"), Set.of()), some);
        assertThat(consent.isMissed()).isTrue();
        assertThat(consent.toOtherAccount(ResyncRecord.NONE)).isEmpty();
    }

    @Test
    void aTableMayHoldAnotherAccountsRowsUntilItsReSyncIsDoneWhateverBecomesOfTheRequest() {
        ResyncRequest other = new ResyncRequest("other", Set.of());
        ResyncRecord begun =
                ResyncRecord.NONE.ofOther(Set.of("a", "b"), Instant.EPOCH).doing(other, Set.of("a", "b"));
        ResyncRecord half = begun.without(Set.of("a"));
        assertThat(half.left()).containsExactly("b");
        assertThat(half.foreign()).containsExactly("b");
        assertThat(half.done(null).foreign())
                .as("the user took the request away")
                .containsExactly("b");
        ResyncRecord later = half.done(null).doing(new ResyncRequest("later", Set.of("b")), Set.of("b"));
        assertThat(later.without(Set.of("b")).foreign()).isEmpty();
    }
}
