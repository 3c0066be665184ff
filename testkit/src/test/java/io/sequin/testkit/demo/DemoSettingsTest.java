package io.sequin.testkit.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoSettingsTest {
    private final Properties properties = new Properties();

    @BeforeEach
    void jar(@TempDir Path folder) throws IOException {
        properties.setProperty(
                "demo.jar", Files.createFile(folder.resolve("jar")).toString());
    }

    private DemoSettings settings(String mavenArguments) {
        return DemoSettings.from(properties, mavenArguments);
    }

    @Test
    void whatIsNotSetHasADefaultAndAnEmptyPropertyIsNotSet() {
        properties.setProperty("demo.for", "");
        properties.setProperty("demo.help", "");

        assertThat(settings("").objects()).isEqualTo(50_000);
        assertThat(settings("").runFor()).isEmpty();
        assertThat(settings("").help()).isFalse();
    }

    @Test
    void eachPropertyIsRead() {
        properties.setProperty("demo.for", "90s");
        properties.setProperty("demo.objects", "1_000");
        properties.setProperty("demo.help", "true");

        assertThat(settings("").runFor()).contains(Duration.ofSeconds(90));
        assertThat(settings("").objects()).isEqualTo(1_000);
        assertThat(settings("").help()).isTrue();
    }

    @Test
    void aMisspeltPropertyThatMavenDropsIsNamedWithThoseThereAre() {
        assertThatThrownBy(() -> settings("-Pdemo -Ddemo.object=5 -Dother=1"))
                .hasMessageStartingWith("unknown demo.object; there are ")
                .hasMessageContaining("demo.objects");
    }

    @Test
    void theUsageNamesEachProperty() {
        assertThat(DemoSettings.usage()).contains("demo.for", "demo.objects", "demo.kubeconfig", "demo.help");
    }

    @Test
    void anImpossibleNumberOfObjectsIsRefused() {
        properties.setProperty("demo.objects", "3");

        assertThatThrownBy(() -> settings("")).hasMessage("demo.objects=3 is not between 10 and 5000000");
    }
}
