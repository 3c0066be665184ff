package io.sequin.postgres.load.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Column;
import io.sequin.data.ColumnType;
import io.sequin.data.Deletes;
import io.sequin.data.Encoding;
import io.sequin.data.TableShape;
import io.sequin.postgres.load.row.RowShape;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The text of the statements. */
class MergePartsTest {
    private static final RowShape SHAPE = new RowShape(new TableShape(
            "line",
            List.of(
                    new Column("invoice", "invoice", ColumnType.TEXT, Encoding.PLAIN),
                    new Column("no", "no", ColumnType.BIGINT, Encoding.PLAIN),
                    new Column("a\"b", "a", ColumnType.BIGINT, Encoding.PLAIN)),
            List.of("invoice", "no")));
    private static final MergeParts PARTS = new MergeParts("my \"schema\"", SHAPE, Deletes.HARD);

    @Test
    void mergeWritesOnlyWhatDiffersAndNeverComparesTimes() {
        assertThat(MergeStatement.sql(PARTS, new Offered("src as s")))
                .isEqualTo("merge into only \"my \"\"schema\"\"\".\"line\" t using src as s"
                        + " on t.\"invoice\" = s.\"invoice\" and t.\"no\" = s.\"no\""
                        + " when matched and (t.\"_sync_deleted_at\" is not null or t.\"a\"\"b\" is distinct from s.\"a\"\"b\""
                        + " or t.\"_sync_extra\" is distinct from s.\"_sync_extra\")"
                        + " then update set \"a\"\"b\" = s.\"a\"\"b\", \"_sync_extra\" = s.\"_sync_extra\", \"_sync_updated_at\" = now(),"
                        + " \"_sync_deleted_at\" = null"
                        + " when not matched then insert (\"invoice\", \"no\", \"a\"\"b\", \"_sync_extra\")"
                        + " values (s.\"invoice\", s.\"no\", s.\"a\"\"b\", s.\"_sync_extra\")");
    }

    /** JSON that is the same text is the same value; other text need not be another value. */
    @Test
    void ofStagedJsonTheTextIsComparedFirst() {
        Stage stage = new Stage("stage 1", SHAPE);
        assertThat(stage.create())
                .isEqualTo("create temp table \"stage 1\" (\"invoice\" text, \"no\" bigint, \"a\"\"b\" bigint,"
                        + " \"_sync_extra\" text) on commit drop");
        assertThat(MergeStatement.sql(PARTS, stage.rows()))
                .startsWith("merge into only \"my \"\"schema\"\"\".\"line\" t using pg_temp.\"stage 1\" as s on ")
                .contains(" or (t.\"_sync_extra\"::text is distinct from s.\"_sync_extra\""
                        + " and t.\"_sync_extra\" is distinct from s.\"_sync_extra\"::jsonb)")
                .contains(" then update set \"a\"\"b\" = s.\"a\"\"b\", \"_sync_extra\" = s.\"_sync_extra\"::jsonb,")
                .endsWith(" values (s.\"invoice\", s.\"no\", s.\"a\"\"b\", s.\"_sync_extra\"::jsonb)");
    }

    @Test
    void aKeyAndAStampAreStagedAsTheyAre() {
        TableShape shape = new TableShape(
                "odd",
                List.of(
                        new Column("id", "id", ColumnType.JSONB, Encoding.PLAIN),
                        new Column("at", "at", ColumnType.JSONB, Encoding.PLAIN)),
                List.of("id"),
                Optional.empty(),
                Optional.of("at"));
        assertThat(new Stage("s", new RowShape(shape)).types())
                .containsExactly(ColumnType.JSONB, ColumnType.JSONB, ColumnType.TEXT);
    }

    @Test
    void deletesAreBoundAsOneArrayAKeyColumn() {
        assertThat(PARTS.deleteByKeys())
                .isEqualTo("delete from only \"my \"\"schema\"\"\".\"line\" t using unnest(?::text[], ?::bigint[])"
                        + " as s(\"invoice\", \"no\") where t.\"invoice\" = s.\"invoice\" and t.\"no\" = s.\"no\""
                        + " and t.\"_sync_deleted_at\" is null");
    }

    @Test
    void aStampIsNotComparedButKeepsEarlierStatesOut() {
        TableShape shape = new TableShape(
                "account",
                List.of(
                        new Column("id", "id", ColumnType.TEXT, Encoding.PLAIN),
                        new Column("at", "at", ColumnType.TIMESTAMPTZ, Encoding.PLAIN)),
                List.of("id"),
                Optional.empty(),
                Optional.of("at"));
        assertThat(new MergeParts("s", new RowShape(shape), Deletes.HARD).differs("t", new Offered("src as s")))
                .isEqualTo(
                        "((t.\"_sync_deleted_at\" is not null or t.\"_sync_extra\" is distinct from s.\"_sync_extra\")"
                                + " and (s.\"at\" >= t.\"at\") is not false)");
    }
}
