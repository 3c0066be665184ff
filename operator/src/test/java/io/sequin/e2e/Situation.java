package io.sequin.e2e;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What the database of a Sync says of the work on it.
 *
 * @param sorts empty: its schema is not there
 * @param open names of the transactions that are under way
 * @param blocked those of them that wait for a lock
 */
record Situation(Set<Sort> sorts, List<String> open, List<String> blocked) {

    /**
     * Looks.
     *
     * @param deleted customers that the source does not have any more
     */
    static Situation in(Connection connection, Collection<String> deleted) throws SQLException {
        Set<Sort> sorts = EnumSet.noneOf(Sort.class);
        if (exists(connection, "stripe._sync_state")) {
            boolean filling = is(
                    connection,
                    "(select count(*) from stripe._sync_table where phase = 'LIVE') < " + Filled.values().length);
            boolean whole = is(
                    connection,
                    "(select count(*) from pg_class where relnamespace = to_regnamespace('stripe') and relname in ("
                            + Filled.tables("'") + ")) = " + Filled.values().length);
            boolean listing = is(connection, """
                    exists (select from stripe._sync_state where not (full_pass ->> 'complete')::boolean)""");
            boolean sweeping = is(connection, """
                    exists (select from stripe._sync_state where (full_pass ->> 'complete')::boolean)""");
            add(sorts, Sort.BACKFILL, filling);
            add(sorts, Sort.RESYNC, listing);
            add(sorts, Sort.SWEEP, sweeping);
            add(sorts, Sort.TAIL, whole && !filling && !listing && !sweeping);
            add(sorts, Sort.DELETES, exists(connection, "stripe.customer") && hasOneOf(connection, deleted));
        }
        return new Situation(
                sorts, transactions(connection, "true"), transactions(connection, "wait_event_type = 'Lock'"));
    }

    private static void add(Set<Sort> sorts, Sort sort, boolean met) {
        if (met) {
            sorts.add(sort);
        }
    }

    private static boolean exists(Connection connection, String relation) throws SQLException {
        return is(connection, "to_regclass('" + relation + "') is not null");
    }

    private static boolean is(Connection connection, String condition) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select " + condition)) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private static boolean hasOneOf(Connection connection, Collection<String> customers) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "select exists (select from stripe.customer where id = any (?) and _sync_deleted_at is null)")) {
            statement.setArray(1, connection.createArrayOf("text", customers.toArray()));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    private static List<String> transactions(Connection connection, String condition) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select coalesce(array_agg(split_part(application_name, ': ', 2)), '{}') from pg_stat_activity
                         where datname = current_database() and application_name like 'sequin%%: %%' and state <> 'idle'
                           and %s""".formatted(condition))) {
            row.next();
            return List.of((String[]) row.getArray(1).getArray());
        }
    }
}
