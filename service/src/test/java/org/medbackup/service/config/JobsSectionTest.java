package org.medbackup.service.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.engine.RetentionRules;
import org.medbackup.engine.VerifyLevel;
import org.medbackup.service.config.ConfigurationFile.Reading;

class JobsSectionTest {

    @TempDir
    Path temp;

    private Reading read(String text) throws IOException {
        return new ConfigurationFile(List.of(), Map.of()).read(Files.writeString(temp.resolve("medbackup.yaml"), text));
    }

    private Configuration usable(String text) throws IOException {
        Reading reading = read(text);
        assertThat(reading.findings()).isEmpty();
        Configuration configuration = reading.configuration();
        if (configuration == null) {
            throw new AssertionError("it cannot be used");
        }
        return configuration;
    }

    private List<String> wrong(String text) throws IOException {
        return read(text).findings().stream().map(Finding::text).toList();
    }

    @Test
    void everythingThatAJobSaysHolds() throws IOException {
        Configuration read = usable("""
                targets:
                  vault: {location: "s3://bucket/prefix"}
                jobs:
                  documents:
                    paths: [/srv/documents, /srv/images]
                    exclude: ["*.tmp"]
                    oneFileSystem: true
                    verify: content
                    copies: [vault]
                    spill: vault
                    keep: {last: 1, daily: 14, weekly: 8, monthly: 24, yearly: 7}
                    retryFor: 30 min
                """);

        assertThat(read.targets()).containsOnly(Map.entry("vault", "s3://bucket/prefix"));
        assertThat(read.jobs().get("documents"))
                .isEqualTo(new JobEntry(
                        "documents",
                        new JobEntry.Trees(List.of("/srv/documents", "/srv/images"), List.of("*.tmp"), true),
                        VerifyLevel.CONTENT,
                        new RetentionRules(1, 14, 8, 24, 7, Duration.ZERO),
                        List.of("vault"),
                        "vault",
                        Duration.ofMinutes(30)));
        assertThat(read.values())
                .extracting(Configuration.Value::key)
                .contains("jobs.documents.paths", "jobs.documents.keep.daily", "targets.vault.location");
    }

    @Test
    void whatAJobDoesNotSayIsTheDefault() throws IOException {
        JobEntry job = usable("jobs: {documents: {paths: [/srv]}}").jobs().get("documents");

        assertThat(job)
                .isEqualTo(new JobEntry(
                        "documents",
                        new JobEntry.Trees(List.of("/srv"), List.of(), false),
                        VerifyLevel.STRUCTURE,
                        RetentionRules.NONE,
                        List.of(),
                        "",
                        Duration.ofHours(2)));
        assertThat(usable("jobs: {documents: {paths: [/srv], verify: none}}")
                        .jobs()
                        .get("documents"))
                .extracting(JobEntry::verify)
                .isNull();
    }

    @Test
    void whatIsNotThereIsNamedWithWhatWasProbablyMeant() throws IOException {
        String text = """
                targets:
                  vault: {location: /srv/vault}
                jobs:
                  one: {application: ehr}
                  two: {group: hospital}
                  three: {paths: [/srv], copies: [valt], spill: cellar}
                """;

        assertThat(wrong(text))
                .containsExactly(
                        "line 4, jobs.one.application: there is no application ehr",
                        "line 5, jobs.two.group: there is no group hospital",
                        "line 6, jobs.three.copies[0]: there is no target valt",
                        "line 6, jobs.three.spill: there is no target cellar",
                        "line 6, jobs.three.spill: it gets no copies, so it may not be the repository's when it is"
                                + " needed");
        assertThat(read(text).findings().get(2).remedy()).isEqualTo("Did you mean vault?");
    }

    @Test
    void aJobBacksUpOneThing() throws IOException {
        assertThat(wrong("jobs: {one: {verify: none}}")).containsExactly("line 1, jobs.one: it backs up nothing");
        assertThat(wrong("groups: {all: {members: [a, b]}}\njobs: {one: {paths: [/srv], group: all}}"))
                .contains("line 2, jobs.one: it backs up more than one thing");
        assertThat(wrong("jobs: {one: {paths: [srv]}}")).hasSize(1);
        assertThat(wrong("jobs: {one: {paths: [/srv], keep: {}}}")).hasSize(1);
    }
}
