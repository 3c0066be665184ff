package io.sequin.postgres.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Column;
import io.sequin.data.ColumnType;
import io.sequin.data.Deletes;
import io.sequin.data.Encoding;
import io.sequin.data.TableShape;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The text of the statements. */
class MergePartsTest {
    private static final MergeParts PARTS = new MergeParts(
            "my \"schema\"",
            new RowShape(new TableShape(
                    "line",
                    List.of(
                            new Column("invoice", "invoice", ColumnType.TEXT, Encoding.PLAIN),
                            new Column("no", "no", ColumnType.BIGINT, Encoding.PLAIN),
                            new Column("a\"b", "a", ColumnType.BIGINT, Encoding.PLAIN)),
                    List.of("invoice", "no"))),
            Deletes.HARD);

    @Test
    void mergeWritesOnlyWhatDiffersAndNeverComparesTimes() {
        assertThat(MergeStatement.sql(PARTS, "src as s"))
                .isEqualTo("merge into \"my \"\"schema\"\"\".\"line\" t using src as s"
                        + " on t.\"invoice\" = s.\"invoice\" and t.\"no\" = s.\"no\""
                        + " when matched and (t.\"a\"\"b\", t.\"_sync_extra\", t.\"_sync_deleted_at\") is distinct from"
                        + " (s.\"a\"\"b\", s.\"_sync_extra\", null::timestamptz)"
                        + " then update set \"a\"\"b\" = s.\"a\"\"b\", \"_sync_extra\" = s.\"_sync_extra\", \"_sync_updated_at\" = now(),"
                        + " \"_sync_deleted_at\" = null"
                        + " when not matched then insert (\"invoice\", \"no\", \"a\"\"b\", \"_sync_extra\")"
                        + " values (s.\"invoice\", s.\"no\", s.\"a\"\"b\", s.\"_sync_extra\")");
    }

    @Test
    void deletesAreBoundAsOneArrayAKeyColumn() {
        assertThat(PARTS.deleteByKeys())
                .isEqualTo("delete from \"my \"\"schema\"\"\".\"line\" t using unnest(?::text[], ?::bigint[])"
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
        assertThat(new MergeParts("s", new RowShape(shape), Deletes.HARD).differs("t", "s"))
                .isEqualTo("((t.\"_sync_extra\", t.\"_sync_deleted_at\") is distinct from"
                        + " (s.\"_sync_extra\", null::timestamptz) and (s.\"at\" >= t.\"at\") is not false)");
    }
}
