package io.sequin.postgres.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.AccountId;
import io.sequin.data.Owner;
import io.sequin.data.Problem;
import io.sequin.data.ResourceKey;
import io.sequin.postgres.PostgresProblem;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who may take a schema that is marked. */
class ClaimsTest {
    private static final AccountId ACCOUNT = new AccountId("acct_1");
    private static final Owner OWNER = owner("a", "team", "stripe", "uid-1", "stripe");

    private static Owner owner(String cluster, String namespace, String name, String uid, String source) {
        return new Owner(cluster, new ResourceKey(namespace, name, uid), source);
    }

    private static OwnerRecord recorded(String account, @Nullable String releasedAt) {
        return new OwnerRecord(
                "a", "team", "stripe", "uid-0", "stripe", account, "2026-01-01T00:00:00Z", releasedAt, true);
    }

    private static Optional<Problem> refusal(OwnerRecord recorded, Owner owner) {
        return Claims.refuse("s", recorded, owner, ACCOUNT);
    }

    @Test
    void theSameSyncCreatedAnewTakesItOver() {
        assertThat(refusal(recorded("acct_1", null), OWNER)).isEmpty();
    }

    @Test
    void theSameSyncWithAnotherAccountIsRefusedAlsoWhereItHadLetGo() {
        for (String releasedAt : new String[] {null, "2026-01-02T00:00:00Z"}) {
            assertThat(refusal(recorded("acct_2", releasedAt), OWNER)).get().satisfies(problem -> {
                assertThat(problem.code()).isEqualTo(PostgresProblem.ACCOUNT_CHANGED);
                assertThat(problem.message()).contains("acct_1", "acct_2");
            });
        }
    }

    @Test
    void theSameSyncWithAnotherSourceIsRefused() {
        assertThat(refusal(recorded("acct_1", null), owner("a", "team", "stripe", "uid-1", "hubspot")))
                .map(Problem::code)
                .contains(PostgresProblem.SCHEMA_CONFLICT);
    }

    @Test
    void anotherClustersNamespacesOrNamesSchemaIsRefusedByItsOwnersName() {
        assertThat(refusal(recorded("acct_1", null), owner("b", "team", "stripe", "uid-1", "stripe")))
                .get()
                .satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo(PostgresProblem.SCHEMA_CONFLICT);
                    assertThat(problem.message())
                            .contains(
                                    "Sync team/stripe of cluster a",
                                    "acct_1",
                                    "or, if Sync team/stripe is gone, create that one again, which takes it back");
                });
        assertThat(refusal(recorded("acct_1", null), owner("a", "other", "stripe", "uid-1", "stripe")))
                .isPresent();
        assertThat(refusal(recorded("acct_1", null), owner("a", "team", "other", "uid-1", "stripe")))
                .isPresent();
    }

    @Test
    void aReleasedSchemaGoesToWhoeverBringsTheSameSourceAndAccount() {
        Owner other = owner("b", "else", "pay", "uid-9", "stripe");
        assertThat(refusal(recorded("acct_1", "2026-01-02T00:00:00Z"), other)).isEmpty();
        assertThat(refusal(recorded("acct_2", "2026-01-02T00:00:00Z"), other)).isPresent();
        assertThat(refusal(recorded("acct_1", "2026-01-02T00:00:00Z"), owner("b", "else", "pay", "uid-9", "hubspot")))
                .isPresent();
    }

    @Test
    void aNewerFormatIsRefused() {
        assertThat(Claims.refuseFormat("s", StateTables.FORMAT + 1))
                .map(Problem::code)
                .contains(PostgresProblem.NEWER_FORMAT);
        assertThat(Claims.refuseFormat("s", StateTables.FORMAT)).isEmpty();
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        OwnerRecord record = OwnerRecord.of(OWNER, ACCOUNT, "2026-01-01T00:00:00Z", true);
        assertThat(OwnerRecord.parse(record.json())).isEqualTo(record);
        assertThat(OwnerRecord.parse(record.json().replace("}", ",\"later\":1}")))
                .isEqualTo(record);
    }
}
