package io.sequin.postgres.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Column;
import io.sequin.data.ColumnType;
import io.sequin.data.Encoding;
import io.sequin.data.TableShape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableDefinitionTest {
    private static final TableDefinition DEFINITION = new TableDefinition(
            "s",
            new TableShape(
                    "x\"; drop schema s; --",
                    List.of(
                            new Column("id", "id", ColumnType.TEXT, Encoding.PLAIN),
                            new Column("at", "at", ColumnType.TIMESTAMPTZ, Encoding.EPOCH_SECONDS)),
                    List.of("id")));

    @Test
    void aTableHasTheSourcesColumnsBookkeepingAndKey() {
        assertThat(DEFINITION.create()).isEqualTo("""
                create table "s"."x""; drop schema s; --" (
                  "id" text,
                  "at" timestamp with time zone,
                  "_sync_updated_at" timestamp with time zone not null default now(),
                  "_sync_deleted_at" timestamp with time zone,
                  "_sync_extra" jsonb,
                  primary key ("id")
                )""");
    }

    @Test
    void onlyWhatIsMissingIsAdded() {
        assertThat(DEFINITION.addMissing(Map.of("id", "text", "_sync_updated_at", "", "_sync_deleted_at", "")))
                .isEqualTo("alter table \"s\".\"x\"\"; drop schema s; --\""
                        + " add column \"at\" timestamp with time zone, add column \"_sync_extra\" jsonb");
        assertThat(DEFINITION.addMissing(
                        Map.of("id", "", "at", "", "_sync_updated_at", "", "_sync_deleted_at", "", "_sync_extra", "")))
                .isEmpty();
    }

    @Test
    void anAlteredTypeIsNoticed() {
        assertThat(DEFINITION.hasOurTypes(Map.of("id", "text", "at", "timestamp with time zone")))
                .isTrue();
        assertThat(DEFINITION.hasOurTypes(Map.of("id", "character varying(20)", "at", "timestamp with time zone")))
                .isFalse();
    }
}
