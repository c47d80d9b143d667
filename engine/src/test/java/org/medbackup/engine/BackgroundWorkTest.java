package org.medbackup.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.corpus.Bytes;
import org.medbackup.linux.Scheduling;

/** Who comes last where processors are scarce. */
class BackgroundWorkTest {

    @TempDir
    Path temp;

    /** Nice values of the threads that asked, by their names without numbers. */
    private final Map<String, Set<Integer>> seen = new ConcurrentHashMap<>();

    private Throttle.Permit acquire(Throttle.Demand demand) {
        try {
            String fields = Files.readString(Path.of("/proc/thread-self/stat"));
            String nice = fields.substring(fields.lastIndexOf(')') + 2).split(" ")[16];
            seen.computeIfAbsent(
                            Thread.currentThread().getName().replaceAll("[0-9]+$", ""),
                            name -> ConcurrentHashMap.newKeySet())
                    .add(Integer.valueOf(nice));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return Throttle.none().acquire(demand);
    }

    @Test
    void aBackupIsBackgroundWorkAndARestoreIsNot() throws IOException {
        Path source = Files.createDirectory(temp.resolve("source"));
        for (int i = 0; i < 8; i++) {
            Files.write(source.resolve("image-" + i + ".dcm"), Bytes.random(i, 2_000_000));
        }
        Sandbox sandbox = new Sandbox(temp.resolve("state")).create();
        EngineContext context = Sandbox.under(sandbox.context, this::acquire);
        try (Repository repository =
                Repository.open(sandbox.store, context, new Credential.Password(Sandbox.password()), Sandbox.SILENT)) {
            String point = repository
                    .backup(BackupRequest.of("images", List.of(Sandbox.path(source))), Sandbox.SILENT)
                    .snapshot();
            repository.restore(RestoreRequest.of(point, temp.resolve("target")), Sandbox.SILENT);
        }

        assertThat(seen.get("backup-")).containsExactly(Scheduling.BACKGROUND);
        assertThat(seen.get("pack-store-")).containsExactly(Scheduling.BACKGROUND);
        assertThat(seen.get("restore-")).containsExactly(0);
    }
}
