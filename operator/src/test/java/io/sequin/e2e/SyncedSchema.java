package io.sequin.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** Schema {@code stripe} of a database, as its superuser sees it. */
final class SyncedSchema implements AutoCloseable {
    private final Connection superuser;

    /**
     * @param superuser is closed with this
     */
    SyncedSchema(Connection superuser) {
        this.superuser = superuser;
    }

    Connection connection() {
        return superuser;
    }

    void run(String sql) throws SQLException {
        try (Statement statement = superuser.createStatement()) {
            statement.execute(sql);
        }
    }

    /** One value, as text. */
    String value(String sql) throws SQLException {
        try (Statement statement = superuser.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    /** In one snapshot each table that is there has as many rows, marked rows and records set aside as were committed with it. */
    void assertRowsAndCountsWereCommittedTogether() throws SQLException {
        String counts = value("""
                select string_agg(format('select %L as name, count(*) filter (where _sync_deleted_at is null) as n,
                         count(_sync_deleted_at) as marked,
                         (select count(*) from stripe._sync_error where "table" = %L) as errors from %s',
                         relname, relname, oid::regclass), ' union all ')
                  from pg_class where relnamespace = to_regnamespace('stripe') and relname in (""" + Filled.tables("'") + ")");
        if (!counts.equals("null")) {
            String wrong = value("select string_agg(concat_ws(' ', t.name, t.rows, t.marked, t.errors, c.n, c.marked,"
                    + " c.errors), ', ') from stripe._sync_table t join (" + counts
                    + ") c using (name) where (t.rows, t.marked, t.errors) <> (c.n, c.marked, c.errors)");
            assertThat(wrong).as("what is recorded, what is there").isEqualTo("null");
        }
    }

    /** Others' things in the synced schema and on its tables; to be called when these are there. */
    void addBystanders() throws SQLException {
        run("""
                create table stripe.notes as select 1 as id, 'theirs' as note;
                create view stripe.richest as select id from stripe.customer;
                create materialized view stripe.counted as select count(*) as n from stripe.customer;
                create index theirs on stripe.customer (email);
                create function stripe.one() returns int language sql as 'select 1';""");
    }

    String bystanders() throws SQLException {
        return value("""
                select string_agg(line, E'\\n' order by line) from (
                  select concat_ws(' ', oid, relname, relkind, relfilenode, relowner, relacl) as line from pg_class
                   where relnamespace = 'stripe'::regnamespace and relname in ('notes', 'richest', 'counted', 'theirs')
                  union all
                  select concat_ws(' ', oid, proname, proowner, proacl, prosrc) from pg_proc
                   where pronamespace = 'stripe'::regnamespace
                  union all
                  select concat_ws(' ', 'rows', note, n, pg_get_viewdef('stripe.richest'::regclass))
                    from stripe.notes, stripe.counted) theirs""");
    }

    /** Once no operator runs: waits until it has no session on the database, and no temporary table is there. */
    void awaitNothingLeftOpen(String what, Duration patience) {
        await(what)
                .atMost(patience)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(leftOpen()).isEqualTo("0 0"));
    }

    private String leftOpen() throws SQLException {
        return value("select (select count(*) from pg_stat_activity where datname = current_database()"
                + " and usename <> current_user) || ' '"
                + " || (select count(*) from pg_class where relpersistence = 't')");
    }

    @Override
    public void close() throws SQLException {
        superuser.close();
    }
}
