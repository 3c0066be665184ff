package io.sequin;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.net.URL;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The arrows between the packages, as docs/architecture.md draws them. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("testkit"))
            .importPackages("io.sequin");

    /** For each package: the packages of ours that it may import, beside itself and {@code data}. */
    private static final Map<String, List<String>> ARROWS = Map.ofEntries(
            Map.entry("data", List.of()),
            Map.entry("credentials", List.of()),
            Map.entry("loop", List.of()),
            Map.entry("network", List.of("credentials")),
            Map.entry("network.http", List.of("network", "credentials")),
            Map.entry("postgres", List.of("network", "credentials")),
            Map.entry("postgres.schema", List.of("postgres")),
            Map.entry("postgres.load", List.of("postgres", "postgres.schema")),
            Map.entry("postgres.load.json", List.of()),
            Map.entry("postgres.load.row", writing("json")),
            Map.entry("postgres.load.copy", writing("json", "row")),
            Map.entry("postgres.load.merge", writing("json", "row")),
            Map.entry("postgres.load.refusal", writing()),
            Map.entry("postgres.load.lane", writing("row")),
            Map.entry("postgres.load.table", writing("json", "row", "copy", "merge", "refusal")),
            Map.entry("postgres.load.resync", writing("row", "merge", "refusal", "lane", "table")),
            Map.entry("postgres.load.upkeep", writing("row", "refusal")),
            Map.entry("postgres.load.session", writing("row", "merge", "refusal", "lane", "table", "resync", "upkeep")),
            Map.entry("postgres.roles", List.of("postgres")),
            Map.entry("source", List.of("network.http", "credentials")),
            Map.entry("source.budget", List.of("source")),
            Map.entry("source.http", List.of("source", "network", "network.http", "credentials")),
            Map.entry("source.stripe", List.of("source", "source.http", "credentials")),
            Map.entry("engine", List.of("postgres.load", "postgres.schema")),
            Map.entry("engine.trouble", List.of("loop", "source", "postgres", "postgres.schema", "credentials")),
            Map.entry("engine.order", List.of()),
            Map.entry("engine.parts", List.of("engine", "loop", "source", "postgres.load")),
            Map.entry("engine.lane", List.of("engine.order", "engine.trouble", "source", "postgres.load")),
            Map.entry("engine.board", List.of("engine", "engine.trouble", "source", "postgres", "postgres.load")),
            Map.entry("engine.fetch", below("engine.parts", "source")),
            Map.entry("engine.commit", below("loop", "source", "postgres.load")),
            Map.entry(
                    "engine.pass",
                    below("engine.parts", "engine.fetch", "engine.commit", "source", "postgres", "postgres.load")),
            Map.entry("engine.tail", below("engine.parts", "engine.fetch", "engine.commit", "source", "postgres.load")),
            Map.entry(
                    "engine.resync",
                    below("engine.parts", "engine.fetch", "engine.commit", "source", "postgres.load", "loop")),
            Map.entry(
                    "engine.loop",
                    below(
                            "engine",
                            "engine.parts",
                            "engine.commit",
                            "engine.pass",
                            "engine.tail",
                            "engine.resync",
                            "loop",
                            "source",
                            "postgres",
                            "postgres.load",
                            "postgres.schema",
                            "credentials")),
            Map.entry("verify", List.of("loop", "postgres", "postgres.roles", "network", "credentials")),
            Map.entry("observability", List.of("engine", "postgres", "postgres.load", "source")),
            Map.entry("operator.kube", List.of("api.v1alpha1", "credentials")),
            Map.entry("operator.destination", List.of("api.v1alpha1", "operator.kube", "loop", "verify")),
            Map.entry("operator.sync", List.of("api.v1alpha1", "operator.kube", "loop", "engine")));

    /** What the rooms of the write path may import, and these others of its rooms. */
    private static List<String> writing(String... more) {
        return Stream.concat(
                        Stream.of("postgres", "postgres.schema", "postgres.load"),
                        Stream.of(more).map(room -> "postgres.load." + room))
                .toList();
    }

    /** What every room of the engine that does something may import, and more. */
    private static List<String> below(String... more) {
        return Stream.concat(
                        Stream.of("engine.board", "engine.lane", "engine.order", "engine.trouble"), Stream.of(more))
                .toList();
    }

    @Test
    void packagesImportOnlyWhatTheArchitectureAllows() {
        ArchRuleDefinition.classes().should(followTheArrows()).check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.sequin.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyTheOperatorPackagesKnowKubernetes() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.sequin.operator..", "io.sequin.app..", "io.sequin.api..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.fabric8..", "io.javaoperatorsdk..")
                .check(CLASSES);
    }

    @Test
    void onlyThePostgresPackagesKnowJdbc() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.sequin.postgres..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql..", "com.zaxxer..")
                .check(CLASSES);
    }

    @Test
    void everyClientOfHttpIsTheOneThatTheTestsExercise() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.sequin.network.http..")
                .should()
                .callMethod(HttpClient.class, "newBuilder")
                .orShould()
                .callMethod(HttpClient.class, "newHttpClient")
                .orShould()
                .callMethod(URL.class, "openConnection")
                .because("HttpConnections follows no redirects and knows timeouts, proxies and authorities")
                .check(CLASSES);
    }

    @Test
    void nothingIsCalledByReflectionSinceWhatWaitsBelowItKeepsItsCarrier() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.reflect")
                .because("jdk.reflect.useNativeAccessorOnly is set in image/jvm.options")
                .check(CLASSES);
    }

    @Test
    void routesIsTheOnlyStaticRegistry() {
        noFields()
                .that()
                .areStatic()
                .and()
                .areDeclaredInClassesThat()
                .doNotHaveFullyQualifiedName("io.sequin.postgres.Routes")
                .should()
                .haveRawType(assignableTo(ConcurrentMap.class))
                .orShould()
                .haveRawType(resideInAPackage("java.util.concurrent.atomic.."))
                .orShould()
                .notBeFinal()
                .check(CLASSES);
    }

    @Test
    void namesSayWhatAClassIs() {
        noClasses()
                .should()
                .haveNameMatching(".*(Utils|Util|Helper|Manager|Impl)")
                .check(CLASSES);
    }

    private static ArchCondition<JavaClass> followTheArrows() {
        return new ArchCondition<>("import only the packages that the architecture allows") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                String from = feature(item);
                if (!item.getPackageName().startsWith("io.sequin.")
                        || from.startsWith("app")
                        || from.startsWith("api")) {
                    return;
                }
                List<String> allowed = ARROWS.get(from);
                if (allowed == null) {
                    events.add(SimpleConditionEvent.violated(item, item.getName() + " is in an undeclared package"));
                    return;
                }
                item.getDirectDependenciesFromSelf().stream()
                        .filter(d -> d.getTargetClass().getPackageName().startsWith("io.sequin."))
                        .filter(d -> {
                            String to = feature(d.getTargetClass());
                            return !to.equals(from) && !to.equals("data") && !allowed.contains(to);
                        })
                        .forEach(d -> events.add(SimpleConditionEvent.violated(item, d.getDescription())));
            }

            private String feature(JavaClass type) {
                return type.getPackageName().replaceFirst("^io\\.sequin\\.?", "");
            }
        };
    }
}
