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

class ComplianceSectionTest {

    @TempDir
    Path temp;

    private ConfigurationFile.Reading read(String text) throws IOException {
        return new ConfigurationFile(List.of(), Map.of()).read(Files.writeString(temp.resolve("medbackup.yaml"), text));
    }

    @Test
    void theStatementsLieBesideTheConfiguration() throws IOException {
        Path stated = Files.writeString(temp.resolve("stated.yaml"), "entity: Hospital\n");
        ConfigurationFile.Reading reading = read("compliance: {statements: stated.yaml}\n");

        assertThat(reading.findings()).isEmpty();
        assertThat(Objects.requireNonNull(reading.configuration()).statements()).isEqualTo(stated);
        assertThat(Objects.requireNonNull(read("targets: {}\n").configuration()).statements())
                .isNull();
    }

    @Test
    void whatIsWrongWithThemIsToldWithItsLineAndBackupsGoOn() throws IOException {
        Files.writeString(temp.resolve("stated.yaml"), "entity: Hospital\nwaivers:\n  - {control: x}\n");
        ConfigurationFile.Reading reading = read("state: /x\ncompliance: {statements: stated.yaml}\n");

        assertThat(reading.isUsable()).isTrue();
        assertThat(reading.findings()).isNotEmpty().allSatisfy(finding -> {
            assertThat(finding.severity()).isEqualTo(Finding.Severity.WARNING);
            assertThat(finding.line()).isEqualTo(2);
            assertThat(finding.message()).startsWith("its line 3");
        });
        Files.delete(temp.resolve("stated.yaml"));
        assertThat(read("compliance: {statements: stated.yaml}\n").findings())
                .singleElement()
                .extracting(Finding::message)
                .isEqualTo("the file cannot be read");
        assertThat(read("compliance: {statments: x}\n").isUsable()).isFalse();
    }
}
