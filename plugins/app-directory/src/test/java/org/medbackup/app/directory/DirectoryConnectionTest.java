package org.medbackup.app.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.ApplicationRecovery.RestoredFiles;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.RecoveryTarget;

/** What the adapter takes for an address, and what it does with restored folders. */
class DirectoryConnectionTest {

    @TempDir
    Path temp;

    private static Connection to(Path folder) {
        return Connection.to(URI.create("directory://" + folder));
    }

    private static Application open(Connection connection) {
        return new DirectoryProvider().open(connection, Outside.system());
    }

    private static Deadline soon() {
        return Deadline.after(TimeSource.system(), Duration.ofSeconds(20));
    }

    @Test
    void aFolderThatIsNotThereIsSaidByTheCheck() {
        try (Application application = open(to(Path.of("/no/such/folder")))) {
            assertThat(application.discover(soon()).version()).isEqualTo("plain");
            assertThat(application.check(soon())).singleElement().satisfies(check -> {
                assertThat(check.ok()).isFalse();
                assertThat(check.message()).doesNotContain("/no/such");
            });
        }
    }

    @Test
    void anAddressThatNamesNoFolderIsRefused() {
        for (String wrong : List.of("directory://host/srv", "directory:///", "directory:///srv?x", "directory:srv")) {
            assertThatThrownBy(() -> open(Connection.to(URI.create(wrong))))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.APPLICATION_URL_MALFORMED));
        }
        for (String option : List.of("freeze", "unitAction", "folders")) {
            assertThatThrownBy(() -> open(to(Path.of("/srv")).with(option, "never")))
                    .isInstanceOf(BackupException.class);
        }
    }

    @Test
    void restoredFoldersAreCountedAndNoLogIsRecoveredFurther() throws IOException {
        var provider = new DirectoryProvider();
        assertThat(provider.kinds()).containsExactly("directory");
        assertThat(provider.options()).extracting("name").contains("folders", "units", "freeze", "allowFileLevel");
        var recovery = provider.recovery(Outside.system());
        Map<String, String> evidence =
                Map.of("service.folder.0", "/srv/a", "service.folder.1", "/srv/b", "application.position", "now");
        Files.createDirectories(temp.resolve("srv/a"));
        var files = new RestoredFiles(temp, evidence, temp);
        try (var found = recovery.start(files, soon())) {
            assertThat(found.address()).startsWith("file://");
            assertThat(found.reached().position()).isEqualTo("now");
            assertThat(found.verify(soon())).singleElement().satisfies(check -> {
                assertThat(check.ok()).isFalse();
                assertThat(check.message()).isEqualTo("1 of 2 folders");
            });
            Files.createDirectories(temp.resolve("srv/b"));
            assertThat(found.verify(soon())).allMatch(Application.Readiness::ok);
        }
        var further = new RestoredFiles(temp, evidence, temp, new RecoveryTarget.Newest(), null, Map.of());
        assertThatThrownBy(() -> recovery.start(further, soon()))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.USAGE));
    }
}
