package io.sequin.testkit.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeBinariesTest {
    @TempDir
    private Path home;

    @Test
    void theFolderNamedByTheEnvironmentWinsOverTheCache() throws IOException {
        Path named = programs(home.resolve("named"), "etcd", "kube-apiserver", "kubectl");
        programs(cached("1.36.3"), "etcd", "kube-apiserver", "kubectl");

        assertThat(new KubeBinaries(Map.of("XDG_CACHE_HOME", home.toString(), "KUBEBUILDER_ASSETS", named.toString()))
                        .find())
                .hasValue(named);
    }

    @Test
    void aNamedFolderThatLacksAProgramIsAnErrorThatNamesIt() throws IOException {
        Path named = programs(home.resolve("named"), "etcd", "kube-apiserver");
        KubeBinaries binaries = new KubeBinaries(Map.of("KUBEBUILDER_ASSETS", named.toString()));

        assertThatThrownBy(binaries::find)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no executable kubectl in " + named)
                .hasMessageContaining("KUBEBUILDER_ASSETS");
    }

    @Test
    void theNewestCompletePatchInTheCacheIsUsed() throws IOException {
        programs(cached("1.36.9"), "etcd", "kube-apiserver", "kubectl");
        Path newest = programs(cached("1.36.10"), "etcd", "kube-apiserver", "kubectl");
        programs(cached("1.36.11"), "etcd", "kubectl");
        programs(cached("1.37.0"), "etcd", "kube-apiserver", "kubectl");
        programs(home.resolve("sequin/kube-api-test/k8s/1.36.12-plan9-amd64"), "etcd", "kube-apiserver", "kubectl");

        assertThat(new KubeBinaries(Map.of("XDG_CACHE_HOME", home.toString())).find())
                .hasValue(newest);
    }

    @Test
    void anEmptyCacheHoldsNothing() {
        assertThat(new KubeBinaries(Map.of("XDG_CACHE_HOME", home.toString(), "KUBEBUILDER_ASSETS", "")).find())
                .isEmpty();
    }

    @Test
    void theCacheIsInTheUsersHomeUnlessTheEnvironmentSaysOtherwise() {
        assertThat(new KubeBinaries(Map.of()).cache())
                .isEqualTo(Path.of(System.getProperty("user.home"), ".cache", "sequin", "kube-api-test"));
    }

    private Path cached(String version) {
        return home.resolve("sequin/kube-api-test/k8s").resolve(version + KubeBinaries.platform());
    }

    private static Path programs(Path folder, String... names) throws IOException {
        Files.createDirectories(folder);
        for (String name : names) {
            Files.createFile(
                    folder.resolve(name),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        }
        return folder;
    }
}
