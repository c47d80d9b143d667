package org.medbackup.testreport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReportSettingsTest {

    @TempDir
    private Path root;

    @Test
    void allPropertiesTogetherAreSettings() {
        assertThat(ReportSettings.from(properties()))
                .contains(new ReportSettings(root.resolve("target"), "core", root.resolve("core"), root, "now"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dir", "part", "module", "root", "run"})
    void withoutOneOfThePropertiesThereAreNone(String missing) {
        var properties = properties();
        properties.remove("testreport." + missing);

        assertThat(ReportSettings.from(properties)).isEmpty();
    }

    @Test
    void aModuleOutsideTheRootIsRefused() {
        var properties = properties();
        properties.setProperty(
                "testreport.module", root.resolveSibling("elsewhere").toString());

        assertThatThrownBy(() -> ReportSettings.from(properties))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("testreport.module must lie in testreport.root");
    }

    @Test
    void aPartThatIsNoFileNameIsRefused() {
        var properties = properties();
        properties.setProperty("testreport.part", "../core");

        assertThatThrownBy(() -> ReportSettings.from(properties))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("testreport.part must be a plain file name");
    }

    @Test
    void aModuleMayBeNamedThroughASymbolicLink() throws Exception {
        Files.createDirectories(root.resolve("real/core"));
        Path link = Files.createSymbolicLink(root.resolve("link"), root.resolve("real"));

        var settings = new ReportSettings(root, "core", root.resolve("real/core"), link, "now");

        assertThat(settings.modulePrefix()).isEqualTo("core/");
    }

    private Properties properties() {
        var properties = new Properties();
        properties.setProperty("testreport.dir", root.resolve("target").toString());
        properties.setProperty("testreport.part", "core");
        properties.setProperty("testreport.module", root.resolve("core").toString());
        properties.setProperty("testreport.root", root.toString());
        properties.setProperty("testreport.run", "now");
        return properties;
    }
}
