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

    private final PostgresServer server;
    private final Place place;
    private final int rows;
    private final ServerCpu cpu;

    private LoadBenchmark(PostgresServer server, Place place, int rows) {
        this.server = server;
        this.place = place;
        this.rows = rows;
        this.cpu = new ServerCpu(
                Long.parseLong(place.value("select split_part(pg_read_file('postmaster.pid'), e'\\n', 1)")));
    }

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
            LoadBenchmark benchmark = new LoadBenchmark(server, place, rows);
            for (int i = 0; i < times; i++) {
                benchmark.round("round" + i);
            }
        }
    }

    private void round(String schema) throws Exception {
        firstPass(schema);
        Path file = Files.createTempFile("charges", ".copy");
        try {
            export(schema, file);
            psqlCopy(schema, file);
            merges(schema);
            psqlCopy(schema, file);
        } finally {
            Files.delete(file);
        }
        place.run("drop schema " + schema + " cascade");
    }

    private void firstPass(String schema) {
        place.run("checkpoint");
        try (DestinationSession session = Stripe.begun(place, schema, SHAPE)) {
            load(session, 0, 25_000, i -> charge(i, 0), "into an empty table");
        }
    }

    /** The table is full and live: all rows again, each tenth of them changed, then all of them unchanged. */
    private void merges(String schema) {
        try (DestinationSession session = place.session(schema)) {
            session.take(Place.OWNER, Place.ACCOUNT);
            long seq = session.lane(Stripe.LANE).seq();
            session.ensure(SHAPE, Set.of(Stripe.LANE));
            Batch live =
                    new Batch(Stripe.LANE, seq, Stripe.START, List.of(), Map.of("charge", TablePhase.LIVE), Map.of());
            session.commit(live);
            place.run("checkpoint");
            IntFunction<Change> some = i -> charge(i, i % 10 == 3 ? 1 : 0);
            seq = load(session, seq + 1, 50_000, some, "merged, a tenth changed");
            // sets the hint bits, which a server with checksums logs page by page, whoever reads first
            place.run("vacuum " + schema + ".charge");
            place.run("checkpoint");
            String wal = place.value("select pg_current_wal_insert_lsn()");
            load(session, seq, 50_000, some, "merged, unchanged");
            System.out.println("  WAL of it: "
                    + place.value("select pg_size_pretty(pg_current_wal_insert_lsn() - '" + wal + "'::pg_lsn)"));
        }
    }

    private long load(DestinationSession session, long from, int batchRows, IntFunction<Change> record, String what) {
        long seq = from;
        long writing = 0;
        long client = 0;
        double before = cpu.seconds();
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
            client += ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpuStart;
            seq++;
        }
        report(what, writing, cpu.seconds() - before, client);
        return seq;
    }

    private void report(String what, long nanos, double serverSeconds, long clientNanos) {
        System.out.printf(
                Locale.ROOT,
                "%-34s %8.0f rows/s   CPU s per million rows: server %5.2f%s%n",
                what,
                rows / (nanos / 1e9),
                serverSeconds / rows * 1e6,
                clientNanos == 0 ? "" : ", client %5.2f".formatted(clientNanos / 1e9 / rows * 1e6));
    }

    /** What the first pass put in, from a file into an equal, empty table. */
    private void psqlCopy(String schema, Path file) throws Exception {
        place.run("create table " + schema + ".by_psql (like " + schema + ".charge including all)");
        place.run("checkpoint");
        double before = cpu.seconds();
        long start = System.nanoTime();
        psql("\\copy " + schema + ".by_psql (" + columns() + ") from '" + file + "'");
        report("psql \\copy, empty table with key", System.nanoTime() - start, cpu.seconds() - before, 0);
        place.run("drop table " + schema + ".by_psql");
    }

    private static String columns() {
        return String.join(", ", SHAPE.columns().stream().map(Column::name).toList()) + ", _sync_extra";
    }

    private void export(String schema, Path file) throws SQLException, IOException {
        String sql = "copy (select " + columns() + " from " + schema + ".charge) to stdout";
        try (Connection connection = server.superuser(place.database());
                Statement check = connection.createStatement();
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            check.execute("select 1");
            connection.unwrap(org.postgresql.PGConnection.class).getCopyAPI().copyOut(sql, out);
        }
    }

    private void psql(String command) throws IOException, InterruptedException {
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
