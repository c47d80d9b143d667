package org.medbackup.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.testkit.CountingThrottle;

/** Whoever divides the machine is told which backup reads all of its source. */
class FirstBackupTest {

    @TempDir
    Path temp;

    @Test
    void theFirstBackupOfASourceSaysSoAndTheNextDoesNot() throws IOException {
        Sandbox sandbox = new Sandbox(temp.resolve("state")).create();
        var throttle = new CountingThrottle(1 << 20);
        Path folder = Files.createDirectory(temp.resolve("source"));
        Files.writeString(folder.resolve("note.txt"), "one");
        Files.writeString(folder.resolve("other.txt"), "two");
        List<Integer> firsts = new ArrayList<>();
        for (String source : List.of("ward", "ward", "lab")) {
            try (Repository repository = Repository.open(
                    sandbox.store,
                    Sandbox.under(sandbox.context, throttle),
                    new Credential.KeyFile(sandbox.writerKey()),
                    Sandbox.SILENT)) {
                repository.backup(BackupRequest.of(source, List.of(Sandbox.path(folder))), Sandbox.SILENT);
                firsts.add(throttle.firsts());
            }
        }

        assertThat(firsts).containsExactly(1, 1, 2);
    }
}
