package io.sequin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.testkit.kube.ApiServer;
import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.process.Folders;
import io.sequin.testkit.process.JavaProcess;
import io.sequin.testkit.stripe.FakeStripe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Follows docs/first-sync.md, and in the middle docs/resync.md, with the operator that kustomize installs. */
class FirstSyncIT {
    private static final String GRANT = "grant connect, create on database \"app\" to \"sequin\";";

    @Test
    void thePageFromTopToBottomLeavesTheTablesAfterTheSyncIsGone() throws Exception {
        Path folder = Folders.temporary("first-sync");
        try (ApiServer server = ApiServer.start();
                PostgresServer postgres = ReadmeIT.database();
                FakeStripe stripe = ReadmeIT.stripe()) {
            Walkthrough walk = new Walkthrough(folder, server, postgres);
            install(folder, walk);
            try (JavaProcess operator = ReadmeIT.operator(folder, server, stripe)) {
                List<String> last = new ArrayList<>();
                List<String> done = walk.follow(Walkthrough.ROOT.resolve("docs/first-sync.md"), reader(walk, last));
                walk.follow(Walkthrough.ROOT.resolve("docs/resync.md"), line -> true);
                for (String line : last) {
                    walk.run(line);
                    done.add(line);
                }
                assertThat(operator.isAlive()).isTrue();
                assertThat(done).contains("sql", "yaml").anyMatch(line -> line.contains("delete destination"));
            }
            assertThat(count(postgres, "customer")).isEqualTo(150);
            assertThat(count(postgres, "product")).as("the page's fifth step").isEqualTo(20);
        }
    }

    /** The cure that the status prints is the one that the page shows. */
    private static Walkthrough.Reader reader(Walkthrough walk, List<String> last) {
        return new Walkthrough.Reader() {
            @Override
            public boolean runs(String line) {
                boolean deletes = line.contains(" delete ");
                if (deletes) {
                    last.add(line);
                }
                return !deletes;
            }

            @Override
            public void ran(String line) {
                if (line.contains(".status.instructions")) {
                    assertThat(walk.output()).contains(GRANT);
                }
                if (line.endsWith("get destination warehouse")) {
                    assertThat(walk.output()).contains("MissingGrants");
                }
            }
        };
    }

    private static void install(Path folder, Walkthrough walk) throws Exception {
        Files.createSymbolicLink(folder.resolve("config"), Walkthrough.ROOT.resolve("config"));
        walk.run("kubectl apply --server-side -k config/default");
        walk.run("kubectl wait --for=condition=Established crd --all");
    }

    private static long count(PostgresServer postgres, String table) throws Exception {
        try (Connection connection = postgres.superuser("app");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select count(*) from stripe." + table)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
