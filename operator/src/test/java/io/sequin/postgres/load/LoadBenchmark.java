package io.sequin.postgres.load;

import com.sun.management.OperatingSystemMXBean;
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
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Rows a second of the write path alone, without engine and source: a first backfill, then the same rows merged into the
 * full table, each beside {@code psql \copy} of the same rows into an equal, empty table, on a server of its own with
 * fsync on. The first argument is the major version (18), the second the number of rows (500000), the third how often
 * (3). Needs {@code psql} on the path.
 *
 * <p>A line for each load:
 *
 * <ul>
 *   <li><em>rows/s</em>: by the time that the commits took. Rows are made between them by the same thread, which does not
 *       count; psql's time is that of its whole process.
 *   <li><em>server</em>: processor time of Postgres with all its processes, until the load is over.
 *   <li><em>client</em>: processor time of the thread that commits, while it commits. The goal is about this one.
 *   <li><em>its process</em>: that of the whole process while it commits, with the compilers, and with the collector where
 *       it comes to work meanwhile. What was made between two commits is a part of its garbage, and the compilers may be
 *       busy with what makes the rows, so it says a little too much. Linux counts it in hundredths of a second.
 * </ul>
 *
 * <p>At the end, what each kind's rows/s are of the mean of the two {@code \copy} of the same round, and the mean of all
 * rounds of the mean of all {@code \copy}, beside the goal; and the means of the client's processor time.
 */
public final class LoadBenchmark {
    private static final TableShape SHAPE = shape();

    private final PostgresServer server;
    private final Place place;
    private final int rows;
    private final ServerCpu cpu;
    private final OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final LoadReport report = new LoadReport();

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

    /** Runs it and prints one line a measurement, then the ratios. */
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
            benchmark.report.printRatios();
        }
    }

    private void round(String schema) throws Exception {
        report.nextRound();
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
            load(session, 0, 25_000, i -> charge(i, 0), LoadReport.Kind.FIRST_PASS);
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
            seq = load(session, seq + 1, 50_000, some, LoadReport.Kind.CHANGED);
            // sets the hint bits, which a server with checksums logs page by page, whoever reads first
            place.run("vacuum " + schema + ".charge");
            place.run("checkpoint");
            String wal = place.value("select pg_current_wal_insert_lsn()");
            load(session, seq, 50_000, some, LoadReport.Kind.UNCHANGED);
            System.out.println("  WAL of it: "
                    + place.value("select pg_size_pretty(pg_current_wal_insert_lsn() - '" + wal + "'::pg_lsn)"));
        }
    }

    private long load(
            DestinationSession session, long from, int batchRows, IntFunction<Change> record, LoadReport.Kind kind) {
        long seq = from;
        long writing = 0;
        long thread = 0;
        long whole = 0;
        double before = cpu.seconds();
        for (int at = 0; at < rows; at += batchRows) {
            List<Change> page = IntStream.range(at, Math.min(rows, at + batchRows))
                    .mapToObj(record)
                    .toList();
            Batch batch =
                    new Batch(Stripe.LANE, seq, Stripe.checkpoint(seq), page, Map.<String, TablePhase>of(), Map.of());
            long start = System.nanoTime();
            long wholeStart = process.getProcessCpuTime();
            long threadStart = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            session.commit(batch);
            writing += System.nanoTime() - start;
            thread += ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - threadStart;
            whole += process.getProcessCpuTime() - wholeStart;
            seq++;
        }
        report.add(new LoadReport.Load(kind, rows, writing / 1e9, cpu.seconds() - before, thread / 1e9, whole / 1e9));
        return seq;
    }

    /** What the first pass put in, from a file into an equal, empty table. */
    private void psqlCopy(String schema, Path file) throws Exception {
        place.run("create table " + schema + ".by_psql (like " + schema + ".charge including all)");
        place.run("checkpoint");
        double before = cpu.seconds();
        long start = System.nanoTime();
        psql("\\copy " + schema + ".by_psql (" + columns() + ") from '" + file + "'");
        double time = (System.nanoTime() - start) / 1e9;
        report.add(new LoadReport.Load(LoadReport.Kind.COPY, rows, time, cpu.seconds() - before, 0, 0));
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
