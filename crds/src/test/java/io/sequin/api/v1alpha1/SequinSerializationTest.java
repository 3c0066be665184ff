package io.sequin.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SequinSerializationTest {
    private static final String DESTINATION_FROM_THE_FUTURE = """
            apiVersion: sequin.io/v1alpha1
            kind: Destination
            metadata: {name: warehouse}
            spec:
              postgres:
                credentialsSecretRef: {name: warehouse-sequin, vault: {path: a/b}}
                host: db.example.com
                database: app
                tls: {mode: verify-quantum, pins: [abc]}
                pools: [{name: a}]
              mirror: {to: mars}
            status:
              conditions: [{type: Ready, status: Perhaps, reason: Quantum, severity: 3}]
              server: {version: "31", weather: sunny}
              mood: good
            history: [1, 2]
            """;
    private static final String SYNC_FROM_THE_FUTURE = """
            apiVersion: sequin.io/v1alpha1
            kind: Sync
            metadata: {name: stripe}
            spec:
              destinationRef: {name: warehouse, namespace: other}
              schema: stripe
              source: {teapot: {size: 3}}
              tables: {match: [a], include: [customer], newColumns: Rename}
              rateLimit: {bursts: 3, requests: 7}
              deletionPolicy: Archive
              deletes: Sometimes
            status:
              tables: [{name: customer, state: Dreaming, colour: blue}]
              lastChangeTime: "2026-11-22T10:00:00,5Z"
              rows: 9223372036854775807
              tablesTotal: 99999999999
            """;

    private final KubernetesSerialization serialization = SequinSerialization.create();

    @Test
    void whoManagesWhichFieldIsNotKept() {
        Sync read = serialization.unmarshal("""
                apiVersion: sequin.io/v1alpha1
                kind: Sync
                metadata:
                  name: stripe
                  uid: u1
                  managedFields: [{manager: kubectl, operation: Apply, fieldsType: FieldsV1, fieldsV1: {"f:spec": {"f:schema": {}}}}]
                spec: {schema: stripe}
                """, Sync.class);

        assertThat(read.getMetadata().getManagedFields()).isEmpty();
        assertThat(read.getMetadata().getAdditionalProperties()).isEmpty();
        assertThat(read.getMetadata().getUid()).isEqualTo("u1");
    }

    @Test
    void aDestinationFromTheFutureKeepsWhatIsKnown() {
        Destination read = serialization.unmarshal(DESTINATION_FROM_THE_FUTURE, Destination.class);

        PostgresSpec postgres = Objects.requireNonNull(read.getSpec().postgres());
        assertThat(postgres.host()).isEqualTo("db.example.com");
        assertThat(postgres.credentialsSecretRef().name()).isEqualTo("warehouse-sequin");
        assertThat(postgres.effectiveTls().effectiveMode()).isEqualTo(TlsMode.UNKNOWN);
        assertThat(read.getStatus().conditions()).extracting(Condition::status).containsExactly("Perhaps");
    }

    @Test
    void aSyncFromTheFutureKeepsWhatIsKnown() {
        Sync read = serialization.unmarshal(SYNC_FROM_THE_FUTURE, Sync.class);

        assertThat(read.getSpec().schema()).isEqualTo("stripe");
        assertThat(read.getSpec().source().stripe()).isNull();
        assertThat(read.getSpec().deletionPolicy()).isEqualTo(DeletionPolicy.UNKNOWN);
        assertThat(read.getSpec().deletes()).isEqualTo(Deletes.UNKNOWN);
        assertThat(read.getSpec().tables())
                .isEqualTo(new SyncTables(List.of("customer"), List.of(), NewColumns.UNKNOWN));
        assertThat(Objects.requireNonNull(read.getSpec().tables()).ignoresNewColumns())
                .isTrue();
        assertThat(read.getSpec().rateLimit()).isEqualTo(new RateLimit(7, null, null, null));
        assertThat(read.getStatus().tables()).extracting(TableStatus::state).containsExactly("Dreaming");
        assertThat(read.getStatus().tablesTotal()).isEqualTo(99_999_999_999L);
        assertThat(read.getStatus().rows()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aTimeThatTheServerTakesAndJavaDoesNotIsLeftOut() {
        Sync read = serialization.unmarshal(SYNC_FROM_THE_FUTURE, Sync.class);

        assertThat(read.getStatus().lastChangeTime()).isNull();
    }

    @Test
    void theClientsOwnSerializationWouldFail() {
        KubernetesSerialization plain = new KubernetesSerialization();

        assertThatThrownBy(() -> plain.unmarshal(DESTINATION_FROM_THE_FUTURE, Destination.class))
                .hasStackTraceContaining("verify-quantum");
    }

    @Test
    void listsThatAreMissingAreEmpty() {
        SyncStatus sync = serialization.unmarshal("{}", SyncStatus.class);
        DestinationStatus destination = serialization.unmarshal("{}", DestinationStatus.class);

        assertThat(sync.conditions()).isEmpty();
        assertThat(sync.tables()).isEmpty();
        assertThat(sync.instructions()).isEmpty();
        assertThat(destination.conditions()).isEmpty();
        assertThat(destination.instructions()).isEmpty();
    }

    @Test
    void aStatusThatIsWrittenAndReadBackEqualsItself() {
        Instant now = Instant.parse("2026-11-22T10:00:00.123456789Z");
        SyncStatus written = new SyncStatus(
                5L,
                List.of(new Condition("Ready", "True", 5L, now, "Live", "3 tables are live")),
                new SyncSourceStatus("Stripe", "acct_1"),
                "stripe",
                "5b1e",
                List.of("event_log"),
                List.of(new TableStatus("customer", "Live", 12L, 100L, now, "")),
                1L,
                "1/1",
                12L,
                now,
                new SyncResyncStatus("2026-11-22"),
                List.of(new Instruction("Let sequin in", "owner", "select 1;")));

        assertThat(serialization.unmarshal(serialization.asJson(written), SyncStatus.class))
                .isEqualTo(written);
    }

    @Test
    void theTimeOfAConditionHasWholeSeconds() {
        Condition condition =
                new Condition("Ready", "True", 1L, Instant.parse("2026-11-22T10:00:00.9Z"), "Live", "fine");

        assertThat(serialization.asJson(condition)).contains("\"lastTransitionTime\":\"2026-11-22T10:00:00Z\"");
    }
}
