package org.medbackup.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectName;

/** Somebody keeps a list of what a repository has, and reads only what is new. */
class KeptListTest {

    @TempDir
    Path temp;

    private Path source = Path.of("source");
    private Sandbox sandbox = new Sandbox(Path.of("state"));

    @BeforeEach
    void create() throws IOException {
        source = Files.createDirectories(temp.resolve("source"));
        Files.write(source.resolve("a.txt"), "alpha".getBytes(UTF_8));
        sandbox = new Sandbox(temp.resolve("state")).create();
    }

    private String backup() {
        return sandbox.backup(source).snapshot();
    }

    @Test
    void whatIsKnownIsNamedAndNotReadAgain() {
        String first = backup();
        String second = backup();
        try (Repository repository = sandbox.open()) {
            assertThat(repository.snapshotsBeyond(Set.of(), Sandbox.SILENT)).satisfies(all -> {
                assertThat(all.ids()).containsExactlyInAnyOrder(first, second);
                assertThat(all.unknown()).extracting(Snapshot::id).containsExactlyInAnyOrder(first, second);
            });
            sandbox.store.overwrite(ObjectName.of("s/" + first), new byte[] {1});
            sandbox.store.overwrite(ObjectName.of("c/" + first), new byte[] {1});

            assertThat(repository.snapshotsBeyond(Set.of(first), Sandbox.SILENT))
                    .satisfies(rest -> {
                        assertThat(rest.ids()).containsExactlyInAnyOrder(first, second);
                        assertThat(rest.unknown()).extracting(Snapshot::id).containsExactly(second);
                    });
            assertThat(repository
                            .snapshotsBeyond(Set.of(second), Sandbox.SILENT)
                            .unknown())
                    .as("one that nobody can read is there, and not told")
                    .isEmpty();
        }
    }

    @Test
    void whatWasGivenUpIsToldFromWhatSomebodyDeleted() {
        String given = backup();
        String deleted = backup();
        backup();
        try (Repository repository = sandbox.open()) {
            repository.forget(Set.of(given), false, Sandbox.SILENT);
            sandbox.store.delete(ObjectName.of("s/" + deleted));
            sandbox.store.delete(ObjectName.of("c/" + deleted));

            assertThat(repository.snapshotsBeyond(Set.of(), Sandbox.SILENT).ids())
                    .hasSize(1);
            assertThat(repository.unexplained(Set.of(given, deleted), Sandbox.SILENT))
                    .containsExactly(deleted);
        }
    }

    @Test
    void proofsAreReadFromATimeOn() {
        String id = backup();
        try (Repository repository = sandbox.open()) {
            repository.verify(VerifyLevel.STRUCTURE, 1, Set.of(), Sandbox.SILENT);
            Map<String, Repository.Verified> all = repository.verified(Sandbox.SILENT);
            Instant then = Objects.requireNonNull(all.get(id)).time();

            assertThat(repository.verified(then, Sandbox.SILENT)).isEqualTo(all).containsOnlyKeys(id);
            assertThat(repository.verified(then.plus(Duration.ofMillis(1)), Sandbox.SILENT))
                    .isEmpty();
            assertThat(repository.verified(Instant.EPOCH, Sandbox.SILENT)).isEqualTo(all);
        }
    }

    @Test
    void whoeverMayOnlyWriteIsToldSo() {
        try (Repository writer = sandbox.openAsWriter()) {
            assertThatThrownBy(() -> writer.snapshotsBeyond(Set.of(), Sandbox.SILENT))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.KEY_ROLE_INSUFFICIENT));
        }
    }
}
