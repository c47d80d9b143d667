package org.medbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.documents.JsonValue;

/** The commands about signs of ransomware. */
class AnomalyCommandsTest {

    @TempDir
    Path temp;

    private Shell shell = new Shell(Path.of("unused"));
    private final SeededRandom random = SeededRandom.of(91);

    @BeforeEach
    void aSweep() {
        shell = new Shell(temp);
        shell.run("init").endsWith(0);
        for (int i = 0; i < 25; i++) {
            Shell.write(file(i), "letter of the ward\n".repeat(100));
        }
        shell.run("backup", shell.source().toString(), "--source", "ward").endsWith(0);
    }

    private Path file(int number) {
        return shell.source().resolve("letter-" + number + ".txt");
    }

    private void sweep() {
        for (int i = 0; i < 25; i++) {
            writeBytes(file(i));
        }
        shell.run("backup", shell.source().toString(), "--source", "ward").endsWith(0);
    }

    private void writeBytes(Path file) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, random.bytes(2000));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void whatIsSuspectIsListedFrozenAndCleared() {
        assertThat(shell.run("anomaly", "list").endsWith(0).out()).isEqualTo("no restore point is suspect\n");
        sweep();

        JsonValue.Members listed = shell.json("anomaly", "list");
        JsonValue.Members suspect = (JsonValue.Members) listed.items("suspect").getFirst();
        String id = suspect.text("id");
        assertThat(suspect.items("signs").toString()).contains("SWEEP");
        assertThat(suspect.text("lastClean")).hasSize(32);
        assertThat(shell.run("anomaly", "list").endsWith(0).out())
                .startsWith(id.substring(0, 8) + "  ward on ")
                .contains("SWEEP; last clean one ");
        assertThat(shell.run("snapshots").endsWith(0).out()).contains("ward  SUSPECT");
        assertThat(shell.run("forget", "--keep-last", "1").endsWith(0).out())
                .contains("of its source is suspect, so nothing of it is given up; see anomaly list");
        assertThat(shell.run("anomaly", "clear", id.substring(0, 8), "--because", "it was a drill")
                        .endsWith(0)
                        .out())
                .isEqualTo("restore point " + id.substring(0, 8) + " is cleared\n");
        assertThat(shell.json("forget", "--keep-last", "1").items("removed")).hasSize(1);
    }

    @Test
    void withoutAReasonNothingIsCleared() {
        shell.run("anomaly", "clear", "abcd").endsWith(2);
        shell.run("anomaly", "clear", "abcd", "--because", "why").endsWith(2);
    }

    @Test
    void aFirstBackupOfSweptFilesHasNoCleanOneBefore() {
        shell = new Shell(temp.resolve("other"));
        shell.run("init").endsWith(0);
        sweep();

        assertThat(shell.run("anomaly", "list").endsWith(0).out()).contains("no clean one before");
    }
}
