package io.sequin.postgres.load;

import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import io.sequin.data.Column;
import io.sequin.data.ColumnType;
import io.sequin.data.Encoding;
import io.sequin.data.Json;
import io.sequin.data.LaneId;
import io.sequin.data.RowKey;
import io.sequin.data.TablePhase;
import io.sequin.data.TableShape;
import io.sequin.data.WriteRules;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Tables and records like Stripe's, small. */
public final class Stripe {
    public static final LaneId LANE = new LaneId("backfill:charge");
    public static final Checkpoint START = new Checkpoint(Json.of("{}"));

    private Stripe() {}

    public static TableShape charge() {
        return charge("charge");
    }

    public static TableShape charge(String table) {
        return new TableShape(
                table,
                List.of(
                        new Column("id", "id", ColumnType.TEXT, Encoding.PLAIN),
                        new Column("amount", "amount", ColumnType.BIGINT, Encoding.PLAIN),
                        new Column("created", "created", ColumnType.TIMESTAMPTZ, Encoding.EPOCH_SECONDS),
                        new Column("customer_id", "customer", ColumnType.TEXT, Encoding.REFERENCE),
                        new Column("metadata", "metadata", ColumnType.JSONB, Encoding.PLAIN),
                        new Column("paid", "paid", ColumnType.BOOLEAN, Encoding.PLAIN)),
                List.of("id"));
    }

    public static Change.Upsert upsert(String table, String id, String json) {
        return new Change.Upsert(table, RowKey.of(id), Json.of(json));
    }

    public static Change.Upsert charge(String id, long amount) {
        return upsert("charge", id, """
                {"id":"%s","amount":%d,"created":1700000000,"customer":"cus_1","metadata":{"a": 1},"paid":true}""".formatted(id, amount));
    }

    public static Change.Delete delete(String id) {
        return new Change.Delete("charge", RowKey.of(id));
    }

    public static Batch batch(long seq, List<? extends Change> changes) {
        return new Batch(LANE, seq, checkpoint(seq + 1), List.copyOf(changes), Map.of(), Map.of());
    }

    public static Checkpoint checkpoint(long number) {
        return new Checkpoint(Json.of("{\"at\": " + number + "}"));
    }

    /** Takes the schema, makes the table, begins the lane. */
    public static DestinationSession begun(Place place, String schema, TableShape shape) {
        return begun(place, schema, shape, WriteRules.USUAL);
    }

    public static DestinationSession begun(Place place, String schema, TableShape shape, WriteRules rules) {
        DestinationSession session = place.taken(schema, rules);
        session.ensure(shape, Set.of(LANE));
        session.begin(Map.of(LANE, START));
        return session;
    }

    /** The same, and the table's first pass is over, at commit 1: a table in its first pass takes rows directly. */
    public static DestinationSession live(Place place, String schema, TableShape shape) {
        return live(place, schema, shape, WriteRules.USUAL);
    }

    public static DestinationSession live(Place place, String schema, TableShape shape, WriteRules rules) {
        DestinationSession session = begun(place, schema, shape, rules);
        session.commit(new Batch(LANE, 0, checkpoint(1), List.of(), Map.of(shape.name(), TablePhase.LIVE), Map.of()));
        return session;
    }

    /** Makes sure of a table, and does all that this leaves. */
    public static TableStatus whole(DestinationSession session, TableShape shape) {
        TableStatus status = session.ensure(shape, Set.of(LANE));
        while (status.left().isUrgent()) {
            status = session.tend(shape.name());
        }
        return status;
    }

    public static List<Change.Upsert> charges(int from, int to, long amount) {
        return IntStream.range(from, to)
                .mapToObj(i -> charge("ch_" + i, amount))
                .toList();
    }
}
