package io.sequin.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.OnPostgres;
import io.sequin.credentials.CredentialProblem;
import io.sequin.data.HostPort;
import io.sequin.data.Instruction;
import io.sequin.data.PostgresSettings;
import io.sequin.data.Problem;
import io.sequin.data.TlsMode;
import io.sequin.data.TlsSettings;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.SecretsInMemory;
import io.sequin.postgres.ServerInspection;
import io.sequin.postgres.TestLogin;
import io.sequin.postgres.Timeouts;
import io.sequin.testkit.postgres.CertificateAuthority;
import io.sequin.testkit.postgres.PostgresServer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Verification against real servers that many tests share: what a user meets, and what the verdict says. */
class VerifyIT {
    private static final String PASSWORD = "pass 'word\"";

    private TestLogin login = new TestLogin(PostgresServer.shared(18), PASSWORD);

    @AfterEach
    void close() {
        login.close();
    }

    private void onVersion(int major) {
        login.close();
        login = new TestLogin(PostgresServer.shared(major), PASSWORD);
    }

    @OnPostgres({10, 15, 18})
    void aMissingGrantIsFailedAndThePrintedSqlCuresIt(int major) throws Exception {
        onVersion(major);
        String owner = "Owner \"" + login.user;
        login.server.createRole(owner, "owner");
        login.asSuperuser(
                "alter database " + Identifier.quote(login.database) + " owner to " + Identifier.quote(owner));

        DestinationSnapshot before = verify();
        assertThat(before.result(Stage.CONNECTED)).isInstanceOf(StageResult.Passed.class);
        Problem missing = failure(before, Stage.PERMISSIONS_VERIFIED);
        assertThat(missing.code()).isEqualTo(PostgresProblem.MISSING_GRANTS);
        Instruction cure = missing.cure().getFirst();
        assertThat(cure.sql())
                .isEqualTo("grant connect, create on database \"" + login.database + "\" to \"" + login.user + "\";");
        assertThat(cure.runAs()).contains(login.database).contains(owner);

        login.as(owner, "owner", cure.sql());
        DestinationSnapshot after = verify();
        assertThat(after.ready()).isTrue();
        assertThat(after.server().orElseThrow().version()).startsWith(major + ".");
        assertThat(after.server().orElseThrow().user()).isEqualTo(login.user);
        assertThat(after.server().orElseThrow().tls()).isEqualTo("off");
    }

    @OnPostgres({10, 15, 18})
    void aGrantBySomebodyElseDoesNothingAndIsNotBelieved(int major) throws Exception {
        onVersion(major);
        String cure =
                failure(verify(), Stage.PERMISSIONS_VERIFIED).cure().getFirst().sql();
        login.as(login.user, PASSWORD, cure);
        assertThat(failure(verify(), Stage.PERMISSIONS_VERIFIED).code()).isEqualTo(PostgresProblem.MISSING_GRANTS);
    }

    @OnPostgres({10, 15, 18})
    void whereConnectIsMissingTheLoginIsAcceptedAndTheSameSqlCuresIt(int major) throws Exception {
        onVersion(major);
        login.asSuperuser("revoke connect on database " + Identifier.quote(login.database) + " from public");
        DestinationSnapshot verdict = verify();
        Problem missing = failure(verdict, Stage.PERMISSIONS_VERIFIED);
        assertThat(missing.code()).isEqualTo(PostgresProblem.MISSING_GRANTS);
        assertThat(verdict.server()).isEmpty();
        login.asSuperuser(missing.cure().getFirst().sql());
        assertThat(verify().ready()).isTrue();
    }

    @OnPostgres({10, 15, 18})
    void aWrongPasswordListsEveryCandidate(int major) throws Exception {
        onVersion(major);
        login.secrets.put("password", "wrong");
        DestinationSnapshot verdict = verify();
        Problem problem = failure(verdict, Stage.CONNECTED);
        assertThat(problem.code()).isEqualTo(PostgresProblem.AUTHENTICATION_FAILED);
        assertThat(problem.message())
                .contains("Secret team/warehouse, key password", "user exists", "expired")
                .doesNotContain("wrong");
        assertThat(problem.cure()).isEmpty();
        assertThat(verdict.result(Stage.PERMISSIONS_VERIFIED)).isInstanceOf(StageResult.NotReached.class);
    }

    @Test
    void anUnknownUserLooksLikeAWrongPassword() throws Exception {
        login.secrets.put("username", "nobody_" + login.user);
        assertThat(failure(verify(), Stage.CONNECTED).code()).isEqualTo(PostgresProblem.AUTHENTICATION_FAILED);
    }

    @Test
    void aLineBreakAtTheEndOfThePasswordIsNamed() throws Exception {
        login.secrets.put("password", PASSWORD + "\n");
        assertThat(failure(verify(), Stage.CONNECTED).message()).contains("line break");
    }

    @Test
    void aRoleThatMayNotLogInIsToldApart() throws Exception {
        login.asSuperuser("alter role " + Identifier.quote(login.user) + " nologin");
        Problem problem = failure(verify(), Stage.CONNECTED);
        assertThat(problem.code()).isEqualTo(PostgresProblem.AUTHENTICATION_FAILED);
        assertThat(problem.message()).contains("may not log in");
    }

    @OnPostgres({10, 15, 18})
    void aWrongDatabaseIsNamed(int major) throws Exception {
        onVersion(major);
        PostgresSettings good = login.settings();
        PostgresSettings wrong = new PostgresSettings(
                good.address(), "No/such?db", good.username(), good.password(), good.tls(), good.maxConnections());
        Problem problem = failure(verify(wrong), Stage.CONNECTED);
        assertThat(problem.code()).isEqualTo(PostgresProblem.DATABASE_NOT_FOUND);
        assertThat(problem.message()).contains("\"No/such?db\"");
    }

    @Test
    void aMissingSecretKeyStopsBeforeTheNetwork() throws Exception {
        PostgresSettings good = login.settings(new HostPort("no.such.host.invalid", 1), TlsMode.DISABLE);
        PostgresSettings missing = new PostgresSettings(
                good.address(),
                good.database(),
                SecretsInMemory.ref("nope"),
                good.password(),
                good.tls(),
                good.maxConnections());
        DestinationSnapshot verdict = verify(missing);
        Problem problem = failure(verdict, Stage.CREDENTIALS_RESOLVED);
        assertThat(problem.code()).isEqualTo(CredentialProblem.SECRET_KEY_MISSING);
        assertThat(problem.message()).contains("Secret team/warehouse, key nope");
        assertThat(verdict.result(Stage.CONNECTED)).isInstanceOf(StageResult.NotReached.class);
    }

    @Test
    void anUnknownHostIsNamed() throws Exception {
        Problem problem = failure(
                verify(login.settings(new HostPort("no-such-host.invalid", 5432), TlsMode.DISABLE)), Stage.CONNECTED);
        assertThat(problem.code()).isEqualTo(PostgresProblem.HOST_NOT_FOUND);
        assertThat(problem.message()).contains("no-such-host.invalid");
    }

    @Test
    void noServerIsRefused() throws Exception {
        Problem problem =
                failure(verify(login.settings(new HostPort("127.0.0.1", 1), TlsMode.DISABLE)), Stage.CONNECTED);
        assertThat(problem.code()).isEqualTo(PostgresProblem.CONNECTION_REFUSED);
        assertThat(problem.message()).contains("127.0.0.1:1");
    }

    @OnPostgres({10, 15, 18})
    void theRightAuthorityGivesTlsAndTheVersionIsShown(int major) throws Exception {
        onVersion(major);
        login.secrets.put(
                "ca.crt",
                CertificateAuthority.create("another").pem()
                        + login.server.authority().pem());
        DestinationSnapshot verdict = verify(tls("localhost"));
        assertThat(verdict.result(Stage.CONNECTED)).isInstanceOf(StageResult.Passed.class);
        assertThat(verdict.server().orElseThrow().tls()).startsWith("TLSv1.");
    }

    @Test
    void anotherAuthorityIsUntrusted() throws Exception {
        login.secrets.put("ca.crt", CertificateAuthority.create("another").pem());
        assertThat(failure(verify(tls("localhost")), Stage.CONNECTED).code())
                .isEqualTo(PostgresProblem.CERTIFICATE_UNTRUSTED);
    }

    @Test
    void theJvmsAuthoritiesDoNotTrustOurs() throws Exception {
        PostgresSettings given = tls("localhost");
        PostgresSettings jvm = new PostgresSettings(
                given.address(),
                given.database(),
                given.username(),
                given.password(),
                new TlsSettings(TlsMode.VERIFY_FULL, Optional.empty()),
                1);
        assertThat(failure(verify(jvm), Stage.CONNECTED).code()).isEqualTo(PostgresProblem.CERTIFICATE_UNTRUSTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not a certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"})
    void anUnusableAuthorityIsReportedWithItsSecret(String pem) throws Exception {
        login.secrets.put("ca.crt", pem);
        Problem problem = failure(verify(tls("localhost")), Stage.CREDENTIALS_RESOLVED);
        assertThat(problem.code()).isEqualTo(PostgresProblem.CA_INVALID);
        assertThat(problem.message()).contains("Secret team/warehouse, key ca.crt");
    }

    @Test
    void aReadOnlyDatabaseIsRefused() throws Exception {
        login.asSuperuser(
                "alter database " + Identifier.quote(login.database) + " set default_transaction_read_only = on");
        DestinationSnapshot verdict = verify();
        assertThat(failure(verdict, Stage.CONNECTED).code()).isEqualTo(PostgresProblem.READ_ONLY);
        assertThat(verdict.server().orElseThrow().readOnly()).isTrue();
    }

    @OnPostgres({10, 15, 18})
    void aSuperuserWorksButIsWarnedWithSqlForALesserUser(int major) throws Exception {
        onVersion(major);
        login.asSuperuser(
                "drop role if exists sequin_sync", "alter role " + Identifier.quote(login.user) + " superuser");
        try {
            DestinationSnapshot verdict = verify();
            assertThat(verdict.ready()).isTrue();
            Problem warning = ((StageResult.Warned) verdict.result(Stage.PERMISSIONS_VERIFIED)).problem();
            assertThat(warning.code()).isEqualTo(PostgresProblem.OVER_PRIVILEGED);
            for (Instruction step : warning.cure()) {
                login.asSuperuser(step.sql());
            }
            login.asSuperuser("alter role sequin_sync password 'lesser'");
            login.secrets.put("username", "sequin_sync");
            login.secrets.put("password", "lesser");
            assertThat(verify().result(Stage.PERMISSIONS_VERIFIED)).isInstanceOf(StageResult.Passed.class);
        } finally {
            login.asSuperuser("drop owned by sequin_sync", "drop role sequin_sync");
        }
    }

    @Test
    void changedCredentialsAreUsedByTheNextVerification() throws Exception {
        grant();
        assertThat(verify().ready()).isTrue();
        login.asSuperuser("alter role " + Identifier.quote(login.user) + " password 'second'");
        assertThat(failure(verify(), Stage.CONNECTED).code()).isEqualTo(PostgresProblem.AUTHENTICATION_FAILED);
        login.secrets.put("password", "second");
        assertThat(verify().ready()).isTrue();
    }

    @Test
    void theSameStateGivesAnEqualSnapshot() throws Exception {
        grant();
        assertThat(verify()).isEqualTo(verify());
    }

    private void grant() throws SQLException {
        login.asSuperuser(
                "grant create on database " + Identifier.quote(login.database) + " to " + Identifier.quote(login.user));
    }

    private PostgresSettings tls(String host) {
        return login.settings(new HostPort(host, login.server.port()), TlsMode.VERIFY_FULL);
    }

    private DestinationSnapshot verify() throws InterruptedException {
        return verify(login.settings());
    }

    private DestinationSnapshot verify(PostgresSettings settings) throws InterruptedException {
        Prober prober = new Prober(new ServerInspection(login.connector, Timeouts.PROBE), 1, Duration.ofSeconds(60));
        return Verdict.of(prober.observe(settings));
    }

    private static Problem failure(DestinationSnapshot verdict, Stage stage) {
        assertThat(verdict.ready()).isFalse();
        assertThat(verdict.result(stage)).as("%s", verdict).isInstanceOf(StageResult.Failed.class);
        return ((StageResult.Failed) verdict.result(stage)).problem();
    }
}
