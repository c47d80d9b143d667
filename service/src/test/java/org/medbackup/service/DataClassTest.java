package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.event.BackupEvent;

/** The audit trail says how sensitive the data is that is backed up, restored and taken out. */
class DataClassTest {

    @TempDir
    Path temp;

    private Site site;
    private RepositoryAccess access;

    @BeforeEach
    void open() {
        site = new Site(temp).initialised();
        access = site.reading();
        site.write("plan.txt", "the plan of the house");
    }

    @AfterEach
    void close() {
        site.close();
    }

    private String backup() {
        site.product.backup(access, BackupOrder.of(List.of(Site.path(site.source()))));
        return last("commit");
    }

    /** What the last phase of this name says. */
    private String last(String phase) {
        return site.events.all().stream()
                .filter(BackupEvent.PhaseEnded.class::isInstance)
                .map(BackupEvent.PhaseEnded.class::cast)
                .filter(each -> each.phase().equals(phase))
                .reduce((one, two) -> two)
                .orElseThrow()
                .facts()
                .open()
                .getOrDefault("dataClass", "");
    }

    private void letter() {
        site.write("letter.txt", "Patient MRN: 00482913 DOB: 1961-04-02");
    }

    @Test
    void aBackupIsAsSensitiveAsTheMostSensitiveFileInItAndStaysSo() {
        String before = backup();
        letter();
        String with = backup();
        site.write("note.txt", "another plan");
        String after = backup();

        assertThat(before).isEqualTo("INTERNAL");
        assertThat(with).isEqualTo("PHI");
        assertThat(after)
                .as("the letter is in it though nobody looked at it again")
                .isEqualTo("PHI");
        assertThat(site.product.snapshots(access, "", new TreeMap<>()))
                .extracting(each -> each.snapshot().dataClass())
                .containsExactly("INTERNAL", "PHI", "PHI");
    }

    @Test
    void whatIsTakenOutIsSaidToBeThat() {
        letter();
        backup();

        site.product.restore(
                access, new RestoreOrder("latest", Site.path(site.source()), List.of(), temp.resolve("out")));
        assertThat(last("chosen")).isEqualTo("PHI");
        site.product.dump(
                access,
                "latest",
                Site.path(site.source().resolve("letter.txt")),
                Channels.newChannel(new java.io.ByteArrayOutputStream()));
        assertThat(last("chosen")).isEqualTo("PHI");
    }

    @Test
    void whatWasNotRememberedIsUnknownAndWhatWasDamagedIsTakenForTheWorst() throws IOException {
        backup();
        try (Stream<Path> files = Files.walk(temp.resolve("state/cache"))) {
            for (Path each :
                    files.filter(file -> file.toString().endsWith(".class")).toList()) {
                Files.writeString(each, "INTERNOL");
            }
        }
        assertThat(backup()).isEqualTo("PHI_RESTRICTED");
        try (Stream<Path> files = Files.walk(temp.resolve("state/cache"))) {
            for (Path each :
                    files.filter(file -> file.toString().endsWith(".class")).toList()) {
                Files.delete(each);
            }
        }
        assertThat(backup()).isEqualTo("unknown");
    }
}
