package io.sequin.postgres;

import io.sequin.data.PostgresSettings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Looks at a server by one connection of its own, one short read-only question, and hangs up. Changes nothing. */
public final class ServerInspection {
    private static final String APPLICATION = "sequin verify";

    /** Roles proposed to those who gave us a superuser; the second one where the first is the superuser. */
    private static final String SPARE_ROLE = "sequin_sync";

    private static final String OTHER_SPARE_ROLE = "sequin_writer";

    private static final String QUESTION = """
            select current_setting('server_version_num')::int as version_number, current_user as self,
                   pg_is_in_recovery() as standby, current_setting('transaction_read_only')::bool as read_only,
                   (select source from pg_settings where name = 'default_transaction_read_only') as read_only_set_by,
                   r.rolsuper as superuser, r.rolbypassrls as bypasses_row_security,
                   d.datname as database, pg_get_userbyid(d.datdba) as database_owner,
                   has_database_privilege(d.datname, 'CONNECT') as may_connect,
                   has_database_privilege(d.datname, 'CREATE') as may_create,
                   exists (select 1 from pg_roles s where s.rolname = ?) as spare_role_exists
              from pg_roles r, pg_database d
             where r.rolname = current_user and d.datname = current_database()""";

    private final Connector connector;
    private final Timeouts timeouts;

    public ServerInspection(Connector connector, Timeouts timeouts) {
        this.connector = connector;
        this.timeouts = timeouts;
    }

    /**
     * Reads the credentials, without any server.
     *
     * @throws PostgresException with a {@link io.sequin.credentials.CredentialProblem} or {@code CA_INVALID}
     */
    public Login credentials(PostgresSettings settings) {
        return connector.login(settings);
    }

    /**
     * Connects and asks.
     *
     * @throws PostgresException classified
     * @throws DatabaseInterruptedException when the thread was interrupted, at once on a virtual thread
     */
    public ServerFacts inspect(PostgresSettings settings, Login login) {
        Connector.Opened opened = connector.open(settings, login, APPLICATION, timeouts);
        String spareRole = login.username().reveal().equals(SPARE_ROLE) ? OTHER_SPARE_ROLE : SPARE_ROLE;
        try (Connection connection = opened.connection()) {
            connection.setAutoCommit(false);
            try (Statement limits = connection.createStatement()) {
                // SET LOCAL, since poolers refuse it as a start-up option
                limits.execute("set local statement_timeout = '5s'");
                limits.execute("set local search_path = pg_catalog, pg_temp");
            }
            ServerFacts facts = ask(connection, opened.link(), spareRole);
            connection.rollback();
            return facts;
        } catch (SQLException e) {
            throw SqlStates.translate(e);
        }
    }

    private static ServerFacts ask(Connection connection, Link link, String spareRole) throws SQLException {
        try (PreparedStatement question = connection.prepareStatement(QUESTION)) {
            question.setString(1, spareRole);
            try (ResultSet row = question.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("the role or the database vanished", "3D000");
                }
                return new ServerFacts(
                        row.getInt("version_number"),
                        link,
                        row.getString("self"),
                        row.getBoolean("standby"),
                        row.getBoolean("read_only"),
                        row.getString("read_only_set_by"),
                        row.getBoolean("superuser"),
                        row.getBoolean("bypasses_row_security"),
                        row.getString("database"),
                        row.getString("database_owner"),
                        row.getBoolean("may_connect"),
                        row.getBoolean("may_create"),
                        spareRole,
                        row.getBoolean("spare_role_exists"));
            }
        }
    }
}
