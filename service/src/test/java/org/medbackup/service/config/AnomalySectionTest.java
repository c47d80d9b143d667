package org.medbackup.service.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnomalySectionTest {

    @TempDir
    Path temp;

    private ConfigurationFile.Reading read(String text) throws IOException {
        return new ConfigurationFile(List.of(), Map.of()).read(Files.writeString(temp.resolve("medbackup.yaml"), text));
    }

    @Test
    void whatIsLookedAtIsToldWithItsLine() throws IOException {
        Configuration told = Objects.requireNonNull(read("""
                        anomaly:
                          canaries: [/srv/a, /srv/b]
                          encrypted: ["*.ibd"]
                        """).configuration());

        assertThat(told.anomaly()).isEqualTo(new AnomalyEntry(true, List.of("/srv/a", "/srv/b"), List.of("*.ibd")));
        assertThat(told.values())
                .anySatisfy(value -> {
                    assertThat(value.key()).isEqualTo("anomaly.canaries");
                    assertThat(value.origin()).endsWith("medbackup.yaml:2");
                })
                .anySatisfy(value -> {
                    assertThat(value.key()).isEqualTo("anomaly.detection");
                    assertThat(value.origin()).isEqualTo("default");
                });
        assertThat(Configuration.none().anomaly()).isEqualTo(AnomalyEntry.usual());
    }

    @Test
    void canariesThatNobodyLooksAtAreAWarningAtTheirLine() throws IOException {
        var reading = read("anomaly:\n  detection: \"off\"\n  canaries: [/srv/a]\n");

        assertThat(reading.isUsable()).isTrue();
        assertThat(reading.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Finding.Severity.WARNING);
            assertThat(finding.line()).isEqualTo(2);
        });
    }

    @Test
    void whatIsWrongIsRefused() throws IOException {
        assertThat(read("anomaly: {canaries: [srv/a]}").isUsable()).isFalse();
        assertThat(read("anomaly: {canaries: [/srv/a/]}").isUsable()).isFalse();
        assertThat(read("anomaly: {detection: maybe}").isUsable()).isFalse();
        assertThat(read("anomaly: {sensitivity: 3}").isUsable()).isFalse();
    }
}
