package io.sequin.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.credentials.CredentialProblem;
import io.sequin.data.HostPort;
import io.sequin.data.Instruction;
import io.sequin.data.Problem;
import io.sequin.postgres.Link;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.ServerFacts;
import org.junit.jupiter.api.Test;

class VerdictTest {
    private static final HostPort DB = new HostPort("db.example.com", 5432);

    @Test
    void withEverythingInPlaceAllStagesPass() {
        DestinationSnapshot verdict = Verdict.of(Observed.server(DB, facts(160004)));
        assertThat(verdict.ready()).isTrue();
        assertThat(verdict.server()).contains(new ServerInfo("16.4", "TLSv1.3", "sequin", "10.1.2.3:5432", false));
        assertThat(verdict.result(Stage.CONNECTED))
                .isEqualTo(new StageResult.Passed(
                        "Connected", "Connected to PostgreSQL 16.4 at db.example.com:5432, by TLSv1.3."));
    }

    @Test
    void unreadableCredentialsFailTheFirstStageOnly() {
        Problem problem = Problem.of(CredentialProblem.SECRET_NOT_FOUND, "no Secret");
        DestinationSnapshot verdict = Verdict.of(Observed.noCredentials(DB, problem));
        assertThat(verdict.result(Stage.CREDENTIALS_RESOLVED)).isEqualTo(new StageResult.Failed(problem));
        assertThat(verdict.result(Stage.CONNECTED)).isEqualTo(new StageResult.NotReached());
        assertThat(verdict.result(Stage.PERMISSIONS_VERIFIED)).isEqualTo(new StageResult.NotReached());
        assertThat(Verdict.failure(verdict)).contains(problem);
    }

    @Test
    void aFailedConnectionFailsTheSecondStage() {
        Problem problem = Problem.of(PostgresProblem.CONNECTION_REFUSED, "nobody listens");
        DestinationSnapshot verdict = Verdict.of(Observed.noSession(DB, problem));
        assertThat(verdict.result(Stage.CREDENTIALS_RESOLVED)).isInstanceOf(StageResult.Passed.class);
        assertThat(verdict.result(Stage.CONNECTED)).isEqualTo(new StageResult.Failed(problem));
    }

    @Test
    void aSessionRefusedForWantOfConnectIsAQuestionOfGrants() {
        Problem problem = Problem.of(PostgresProblem.MISSING_GRANTS, "no CONNECT");
        DestinationSnapshot verdict = Verdict.of(Observed.noSession(DB, problem));
        assertThat(verdict.result(Stage.CONNECTED)).isInstanceOf(StageResult.Passed.class);
        assertThat(verdict.result(Stage.PERMISSIONS_VERIFIED)).isEqualTo(new StageResult.Failed(problem));
    }

    @Test
    void versionsBefore10AreRefusedAndNamed() {
        assertThat(code(facts(90624))).isEqualTo(PostgresProblem.UNSUPPORTED_VERSION);
        assertThat(Verdict.failure(Verdict.of(Observed.server(DB, facts(90624))))
                        .orElseThrow()
                        .message())
                .contains("9.6.24");
        assertThat(Verdict.of(Observed.server(DB, facts(100000))).ready()).isTrue();
    }

    @Test
    void theVersionIsJudgedBeforeTheGrants() {
        ServerFacts old = new Facts().versionNumber(90624).mayCreate(false).build();
        assertThat(code(old)).isEqualTo(PostgresProblem.UNSUPPORTED_VERSION);
    }

    @Test
    void standbyAndReadOnlyAreRefusedInTheirOwnWords() {
        ServerFacts standby = new Facts().standby(true).readOnly(true).build();
        ServerFacts readOnly = new Facts().readOnly(true).build();
        assertThat(code(standby)).isEqualTo(PostgresProblem.READ_ONLY);
        assertThat(code(readOnly)).isEqualTo(PostgresProblem.READ_ONLY);
        assertThat(message(standby)).contains("standby");
        assertThat(message(readOnly)).contains("default_transaction_read_only");
    }

    @Test
    void namesInPrintedSqlAreQuoted() {
        ServerFacts odd = new Facts()
                .database("a\"; drop schema s; --")
                .user("Mixed Case")
                .mayCreate(false)
                .build();
        Problem problem = Verdict.failure(Verdict.of(Observed.server(DB, odd))).orElseThrow();
        assertThat(problem.cure())
                .extracting(Instruction::sql)
                .containsExactly("grant connect, create on database \"a\"\"; drop schema s; --\" to \"Mixed Case\";");
        assertThat(problem.cure().getFirst().runAs()).contains("dba");
    }

    @Test
    void missingPrivilegesAreNamed() {
        assertThat(message(new Facts().mayCreate(false).build())).contains("lacks CREATE on");
        assertThat(message(new Facts().mayCreate(false).mayConnect(false).build()))
                .contains("lacks CONNECT and CREATE on");
    }

    @Test
    void aSuperuserIsWarnedAndReady() {
        DestinationSnapshot verdict =
                Verdict.of(Observed.server(DB, new Facts().superuser(true).build()));
        assertThat(verdict.ready()).isTrue();
        assertThat(warning(verdict).cure())
                .extracting(Instruction::sql)
                .containsExactly(
                        "create role \"sequin_sync\" login;",
                        "grant connect, create on database \"app\" to \"sequin_sync\";");
    }

    @Test
    void aRoleThatBypassesRowSecurityIsWarnedAndAnExistingSpareRoleIsNotCreatedAgain() {
        DestinationSnapshot verdict = Verdict.of(Observed.server(
                DB, new Facts().bypass(true).spareRoleExists(true).build()));
        assertThat(verdict.ready()).isTrue();
        assertThat(warning(verdict).cure())
                .extracting(Instruction::sql)
                .containsExactly("grant connect, create on database \"app\" to \"sequin_sync\";");
    }

    private static Problem warning(DestinationSnapshot verdict) {
        return ((StageResult.Warned) verdict.result(Stage.PERMISSIONS_VERIFIED)).problem();
    }

    private static Object code(ServerFacts facts) {
        return Verdict.failure(Verdict.of(Observed.server(DB, facts)))
                .orElseThrow()
                .code();
    }

    private static String message(ServerFacts facts) {
        return Verdict.failure(Verdict.of(Observed.server(DB, facts)))
                .orElseThrow()
                .message();
    }

    private static ServerFacts facts(int versionNumber) {
        return new Facts().versionNumber(versionNumber).build();
    }

    /** A good server, to be spoilt in one way. */
    private static final class Facts {
        private int versionNumber = 180000;
        private String user = "sequin";
        private String database = "app";
        private boolean standby;
        private boolean readOnly;
        private boolean superuser;
        private boolean bypass;
        private boolean mayConnect = true;
        private boolean mayCreate = true;
        private boolean spareRoleExists;

        Facts versionNumber(int value) {
            versionNumber = value;
            return this;
        }

        Facts user(String value) {
            user = value;
            return this;
        }

        Facts database(String value) {
            database = value;
            return this;
        }

        Facts standby(boolean value) {
            standby = value;
            return this;
        }

        Facts readOnly(boolean value) {
            readOnly = value;
            return this;
        }

        Facts superuser(boolean value) {
            superuser = value;
            return this;
        }

        Facts bypass(boolean value) {
            bypass = value;
            return this;
        }

        Facts mayConnect(boolean value) {
            mayConnect = value;
            return this;
        }

        Facts mayCreate(boolean value) {
            mayCreate = value;
            return this;
        }

        Facts spareRoleExists(boolean value) {
            spareRoleExists = value;
            return this;
        }

        ServerFacts build() {
            return new ServerFacts(
                    versionNumber,
                    new Link(new HostPort("10.1.2.3", 5432), "TLSv1.3", true),
                    user,
                    standby,
                    readOnly,
                    "database",
                    superuser,
                    bypass,
                    database,
                    "dba",
                    mayConnect,
                    mayCreate,
                    "sequin_sync",
                    spareRoleExists);
        }
    }
}
