package io.sequin.postgres.load;

import io.sequin.data.Change;
import io.sequin.data.Column;
import io.sequin.data.ColumnType;
import io.sequin.data.Encoding;
import io.sequin.data.Json;
import io.sequin.data.RowKey;
import io.sequin.data.TablePhase;
import io.sequin.data.TableShape;
import io.sequin.testkit.postgres.PostgresOptions;
import io.sequin.testkit.postgres.PostgresServer;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Rows a second of the write path alone, without engine and source: a first backfill, then the same rows merged into the
 * full table, each beside {@code psql \copy} of the same rows into an equal, empty table, on a server of its own with
 * fsync on. To be run by hand: the first argument is the major version (18), the
 * second the number of rows (500000), the third how often (3). Needs {@code psql} on the path.
 */
public final class LoadBenchmark {
    private static final TableShape SHAPE = shape();

    private LoadBenchmark() {}

    private static TableShape shape() {
        List<Column> columns = new ArrayList<>();
        columns.add(new Column("id", "id", ColumnType.TEXT, Encoding.PLAIN));
        for (String amount : List.of("amount", "amount_captured", "amount_refunded")) {
            columns.add(new Column(amount, amount, ColumnType.BIGINT, Encoding.PLAIN));
        }
        for (String reference : List.of("customer", "invoice", "payment_intent")) {
            columns.add(new Column(reference + "_id", reference, ColumnType.TEXT, Encoding.REFERENCE));
        }
        columns.add(new Column("created", "created", ColumnType.TIMESTAMPTZ, Encoding.EPOCH_SECONDS));
        for (String text : List.of("currency", "description", "status")) {
            columns.add(new Column(text, text, ColumnType.TEXT, Encoding.PLAIN));
        }
        columns.add(new Column("paid", "paid", ColumnType.BOOLEAN, Encoding.PLAIN));
        for (String nested : List.of("billing_details", "metadata", "outcome")) {
            columns.add(new Column(nested, nested, ColumnType.JSONB, Encoding.PLAIN));
        }
        return new TableShape("charge", columns, List.of("id"));
    }

    /** Runs it and prints one line a measurement. */
    public static void main(String[] args) throws Exception {
        int major = args.length > 0 ? Integer.parseInt(args[0]) : 18;
        int rows = args.length > 1 ? Integer.parseInt(args[1]) : 500_000;
        int times = args.length > 2 ? Integer.parseInt(args[2]) : 3;
        PostgresOptions options = PostgresOptions.standard()
                .withDurability()
                .withSetting("autovacuum", "off")
                .withSetting("shared_buffers", "1GB")
                .withSetting("max_wal_size", "8GB");
        try (PostgresServer server = PostgresServer.start(major, options);
                Place place = Place.on(server)) {
            System.out.printf(
                    "Postgres %s, fsync %s, %d rows of %d bytes%n",
                    place.value("show server_version"),
                    place.value("show fsync"),
                    rows,
                    charge(1, 0).object().length());
            for (int i = 0; i < times; i++) {
                String schema = "round" + i;
                firstPass(place, schema, rows);
                psqlCopy(server, place, schema, rows, "psql \\copy, empty table with key");
                merges(place, schema, rows);
                psqlCopy(server, place, schema, rows, "psql \\copy, empty table with key");
                place.run("drop schema " + schema + " cascade");
            }
        }
    }

    private static void firstPass(Place place, String schema, int rows) {
        place.run("checkpoint");
        try (DestinationSession session = Stripe.begun(place, schema, SHAPE)) {
            load(session, 0, rows, 25_000, i -> charge(i, 0), "into an empty table");
        }
    }

    /** The table is full and live: all rows again, each tenth of them changed, then all of them unchanged. */
    private static void merges(Place place, String schema, int rows) {
        try (DestinationSession session = place.session(schema)) {
            session.take(Place.OWNER, Place.ACCOUNT);
            long seq = session.lane(Stripe.LANE).seq();
            session.ensure(SHAPE, Set.of(Stripe.LANE));
            Batch live =
                    new Batch(Stripe.LANE, seq, Stripe.START, List.of(), Map.of("charge", TablePhase.LIVE), Map.of());
            session.commit(live);
            place.run("checkpoint");
            IntFunction<Change> some = i -> charge(i, i % 10 == 3 ? 1 : 0);
            seq = load(session, seq + 1, rows, 50_000, some, "merged, a tenth changed");
            // sets the hint bits, which a server with checksums logs page by page, whoever reads first
            place.run("vacuum " + schema + ".charge");
            place.run("checkpoint");
            String wal = place.value("select pg_current_wal_insert_lsn()");
            load(session, seq, rows, 50_000, some, "merged, unchanged");
            System.out.println("  WAL of it: "
                    + place.value("select pg_size_pretty(pg_current_wal_insert_lsn() - '" + wal + "'::pg_lsn)"));
        }
    }

    private static long load(
            DestinationSession session, long from, int rows, int batchRows, IntFunction<Change> record, String what) {
        long seq = from;
        long writing = 0;
        long cpu = 0;
        for (int at = 0; at < rows; at += batchRows) {
            List<Change> page = IntStream.range(at, Math.min(rows, at + batchRows))
                    .mapToObj(record)
                    .toList();
            Batch batch =
                    new Batch(Stripe.LANE, seq, Stripe.checkpoint(seq), page, Map.<String, TablePhase>of(), Map.of());
            long start = System.nanoTime();
            long cpuStart = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            session.commit(batch);
            writing += System.nanoTime() - start;
            cpu += ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpuStart;
            seq++;
        }
        report(what, rows, writing, cpu);
        return seq;
    }

    private static void report(String what, int rows, long nanos, long cpuNanos) {
        System.out.printf(
                Locale.ROOT,
                "%-36s %8.0f rows/s   client CPU %5.2f s per million rows%n",
                what,
                rows / (nanos / 1e9),
                cpuNanos / 1e9 / rows * 1e6);
    }

    /** What the direct load put in, out to a file and by psql into an equal, empty table. */
    private static void psqlCopy(PostgresServer server, Place place, String schema, int rows, String what)
            throws Exception {
        Path file = Files.createTempFile("charges", ".copy");
        try {
            String columns =
                    String.join(", ", SHAPE.columns().stream().map(Column::name).toList()) + ", _sync_extra";
            export(server, place, "copy (select " + columns + " from " + schema + ".charge) to stdout", file);
            place.run("create table " + schema + ".by_psql (like " + schema + ".charge including all)");
            place.run("checkpoint");
            long start = System.nanoTime();
            psql(server, place, "\\copy " + schema + ".by_psql (" + columns + ") from '" + file + "'");
            report(what, rows, System.nanoTime() - start, 0);
            place.run("drop table " + schema + ".by_psql");
        } finally {
            Files.delete(file);
        }
    }

    private static void export(PostgresServer server, Place place, String sql, Path file)
            throws SQLException, IOException {
        try (Connection connection = server.superuser(place.database());
                Statement check = connection.createStatement();
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            check.execute("select 1");
            connection.unwrap(org.postgresql.PGConnection.class).getCopyAPI().copyOut(sql, out);
        }
    }

    private static void psql(PostgresServer server, Place place, String command)
            throws IOException, InterruptedException {
        ProcessBuilder psql = new ProcessBuilder(
                "psql",
                "-X",
                "-q",
                "-h",
                server.host(),
                "-p",
                "" + server.port(),
                "-U",
                "postgres",
                "-d",
                place.database(),
                "-c",
                command);
        psql.environment().put("PGPASSWORD", server.superuserPassword());
        psql.inheritIO();
        int exit = psql.start().waitFor();
        if (exit != 0) {
            throw new IllegalStateException("psql ended with " + exit);
        }
    }

    private static Change.Upsert charge(int i, int edition) {
        Random random = new Random(i);
        String id = "ch_%024d".formatted(i * 7_919L % 1_000_000_007L);
        String json = """
                {"id":"%s","object":"charge","amount":%d,"amount_captured":%d,"amount_refunded":0,\
                "billing_details":{"address":{"city":"Springfield","country":"US","line1":"%d Evergreen Terrace",\
                "line2":null,"postal_code":"%05d","state":"OR"},"email":"user%d@example.com","name":"User Number %d",\
                "phone":null},"created":%d,"currency":"usd","customer":"cus_%014d","description":"Order %d, subscription",\
                "invoice":"in_%024d","metadata":{"order_id":"%d","channel":"web","experiment":"b%d","note":"Ünïcode"},\
                "outcome":{"network_status":"approved_by_network","reason":null,"risk_level":"normal","risk_score":%d,\
                "seller_message":"Payment complete.","type":"authorized"},"paid":true,\
                "payment_intent":"pi_%024d","status":"succeeded","receipt_url":"https://pay.example.com/receipts/%s",\
                "livemode":false,"refunded":false,"disputed":false,"captured":true,"calculated_statement_descriptor":"SHOP"}""".formatted(
                        id,
                        random.nextInt(1_000_000) + edition,
                        random.nextInt(1_000_000),
                        random.nextInt(9_999),
                        random.nextInt(99_999),
                        i,
                        i,
                        1_600_000_000 + i,
                        random.nextInt(1_000_000),
                        i,
                        i,
                        i,
                        random.nextInt(9),
                        random.nextInt(99),
                        i,
                        id);
        return new Change.Upsert("charge", RowKey.of(id), Json.of(json.getBytes(StandardCharsets.UTF_8)));
    }
}
