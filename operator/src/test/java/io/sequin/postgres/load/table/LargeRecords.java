package io.sequin.postgres.load.table;

import io.sequin.data.Change;
import io.sequin.data.Json;
import io.sequin.data.RecordSize;
import io.sequin.data.RowKey;
import io.sequin.data.TablePhase;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A program that writes large records in each way that rows take, and prints what the database has then. */
final class LargeRecords {
    private static final int MB = 1_000_000;

    /** Such a record the manual promises to store with the chart's memory. */
    private static final int SIZE = 20 * MB;

    private LargeRecords() {}

    public static void main(String[] args) {
        PrintStream out = System.out;
        try (Place place = Place.on(18);
                DestinationSession session = Stripe.begun(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(0, List.of(nested("direct", "metadata", SIZE))));
            session.commit(new Batch(
                    Stripe.LANE,
                    1,
                    Stripe.checkpoint(2),
                    List.of(nested("unknown", "field_without_column", SIZE), Stripe.charge("small", 1)),
                    Map.of("charge", TablePhase.LIVE),
                    Map.of()));
            session.commit(Stripe.batch(2, List.of(nested("bound", "unheard_of", SIZE), Stripe.charge("small", 2))));
            session.commit(Stripe.batch(3, List.of(text("escaped", SIZE, "\\\"\\u00e9"))));
            session.commit(Stripe.batch(4, amongMany(nested("staged", "metadata", SIZE))));
            session.commit(Stripe.batch(5, List.of(text("hostile", SIZE / 2, "\\u0000é"))));
            session.commit(Stripe.batch(
                    6,
                    List.of(
                            nested("beyond", "metadata", RecordSize.MOST + MB),
                            unfit("unfit", SIZE),
                            Stripe.charge("small", 3))));
            place.rows("select id, amount, jsonb_typeof(metadata), (select count(*) > 300000 from"
                            + " jsonb_object_keys(coalesce(metadata, _sync_extra -> 'field_without_column',"
                            + " _sync_extra -> 'unheard_of'))), length(customer_id), left(customer_id, 4)"
                            + " from s.charge where id !~ '^ch_' order by id")
                    .forEach(out::println);
            place.rows("select key, reason, length(record), message from s._sync_error order by key")
                    .forEach(out::println);
        }
        out.println("heap " + Runtime.getRuntime().maxMemory() / MB);
    }

    private static List<Change> amongMany(Change.Upsert one) {
        List<Change> many = new ArrayList<>(Stripe.charges(0, TableWriter.STAGING_ROWS, 1));
        many.add(one);
        return many;
    }

    /** An object of many short members, each with a name of its own. */
    private static Change.Upsert nested(String id, String field, int size) {
        return record(
                id,
                "\"" + field + "\":{\"nested\":[[{\"a\":1}]]",
                ",\"name_%d\":\"a value of usual length\"",
                size,
                "}");
    }

    /** A string that is repeated escapes. */
    private static Change.Upsert text(String id, int size, String escapes) {
        return record(id, "\"customer\":\"", escapes, size, "\"");
    }

    /** An object with a number that no server takes. */
    private static Change.Upsert unfit(String id, int size) {
        return record(id, "\"metadata\":{\"n\":1e999999", ",\"name_%d\":\"a value of usual length\"", size, "}");
    }

    private static Change.Upsert record(String id, String start, String piece, int size, String end) {
        byte[] json = new byte[size];
        int at = put(json, 0, "{\"id\":\"" + id + "\",\"amount\":7," + start);
        for (int i = 0; at < size - 100; i++) {
            at = put(json, at, piece.replace("%d", String.valueOf(i)));
        }
        at = put(json, at, end + "}");
        while (at < size) {
            json[at++] = ' ';
        }
        return new Change.Upsert("charge", RowKey.of(id), Json.of(json));
    }

    private static int put(byte[] into, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, into, at, bytes.length);
        return at + bytes.length;
    }
}
