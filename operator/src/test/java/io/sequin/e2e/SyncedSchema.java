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

    /** In one snapshot each table that is there has as many rows as were committed with its count. */
    void assertRowsAndCountsWereCommittedTogether() throws SQLException {
        String counts = value("""
                select string_agg(format('select %L as name, count(*) as n from %s', relname, oid::regclass), ' union all ')
                  from pg_class where relname in ('customer', 'product', 'charge')
                   and relnamespace = to_regnamespace('stripe')""");
        if (!counts.equals("null")) {
            String wrong = value("select string_agg(concat_ws(' ', t.name, t.rows, c.n), ', ')"
                    + " from stripe._sync_table t join (" + counts + ") c using (name) where t.rows <> c.n");
            assertThat(wrong).as("rows recorded, rows there").isEqualTo("null");
        }
    }

    /** Others' things in the synced schema; to be called when it is there. */
    void addBystanders() throws SQLException {
        run(
                "create table stripe.notes as select 1 as id; create view stripe.richest as select id from stripe.customer");
    }

    String bystanders() throws SQLException {
        return value(
                "select string_agg(concat_ws(' ', oid, relname, relfilenode, relowner, relacl), ',' order by relname)"
                        + " from pg_class where relnamespace = 'stripe'::regnamespace and relname in ('notes', 'richest')");
    }

    /** Waits until no session of ours is in a transaction, and no temporary table is there. */
    void awaitNothingLeftOpen(String what, Duration patience) {
        await(what)
                .atMost(patience)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(leftOpen()).isEqualTo("0 0"));
    }

    private String leftOpen() throws SQLException {
        return value("select (select count(*) from pg_stat_activity where datname = current_database()"
                + " and application_name like 'sequin%' and state <> 'idle') || ' '"
                + " || (select count(*) from pg_class where relpersistence = 't')");
    }

    @Override
    public void close() throws SQLException {
        superuser.close();
    }
}
