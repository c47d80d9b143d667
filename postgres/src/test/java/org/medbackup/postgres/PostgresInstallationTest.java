package org.medbackup.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Processes;

class PostgresInstallationTest {

    private static final Processes PROCESSES = Processes.system();

    @TempDir
    Path folder;

    @Test
    void asksTheServerProgramForItsVersion() {
        PostgresInstallation bundled = TestServers.bundled();

        assertThat(bundled.version()).startsWith("18.");
        assertThat(bundled.major()).isEqualTo(18);
        assertThat(PostgresInstallation.at(bundled.bin(), PROCESSES)).isEqualTo(bundled);
    }

    @Test
    void tellsWhichToolsAreThere() {
        PostgresInstallation bundled = TestServers.bundled();

        assertThat(bundled.tool("initdb")).contains(bundled.bin().resolve("initdb"));
        assertThat(bundled.tool("pg_amcheck")).isEmpty();
        assertThatThrownBy(() -> bundled.requireTool("pg_amcheck"))
                .isInstanceOfSatisfying(BackupException.class, missing -> {
                    assertThat(missing.code()).isEqualTo(ErrorCode.APPLICATION_PROGRAM_MISSING);
                    assertThat(missing.context()).containsEntry("program", "pg_amcheck");
                });
    }

    @ParameterizedTest
    @CsvSource({"18.6,18", "15.18,15", "19devel,19", "9,9"})
    void knowsTheMajorVersion(String version, int major) {
        assertThat(new PostgresInstallation(folder, version).major()).isEqualTo(major);
    }

    @Test
    void refusesAVersionThatIsNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> new PostgresInstallation(folder, "unknown"));
    }

    @Test
    void aFolderWithoutAServerIsNoInstallation() {
        assertThatThrownBy(() -> PostgresInstallation.at(folder, PROCESSES))
                .isInstanceOfSatisfying(BackupException.class, missing -> {
                    assertThat(missing.code()).isEqualTo(ErrorCode.APPLICATION_PROGRAM_MISSING);
                    assertThat(missing.remedy()).contains("Install");
                });
    }

    @Test
    void aServerThatDoesNotRunIsNoInstallation() throws IOException {
        program(folder, "exit 3");

        assertThatThrownBy(() -> PostgresInstallation.at(folder, PROCESSES))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        broken -> assertThat(broken.context()).containsEntry("exitCode", "3"));
    }

    @Test
    void aProgramThatAnswersSomethingElseIsNoInstallation() throws IOException {
        program(folder, "echo something else");

        assertThatThrownBy(() -> PostgresInstallation.at(folder, PROCESSES)).isInstanceOf(BackupException.class);
    }

    @Test
    void findsWhatPackagesInstalledNewestFirstAndLeavesOutBrokenOnes() throws IOException {
        Path debian = Files.createDirectory(folder.resolve("debian"));
        Path rhel = Files.createDirectory(folder.resolve("rhel"));
        Path path = Files.createDirectory(folder.resolve("path"));
        server(debian.resolve("15/bin"), "15.18 (Debian 15.18-0+deb12u1)");
        server(debian.resolve("17/bin"), "17.2");
        server(rhel.resolve("pgsql-16/bin"), "16.4");
        server(rhel.resolve("other-14/bin"), "14.1");
        program(Files.createDirectories(debian.resolve("13/bin")), "exit 1");
        Files.createDirectories(debian.resolve("12/bin"));
        Path linked = Files.createDirectory(folder.resolve("linked"));
        Files.createSymbolicLink(linked.resolve("postgres"), path.resolve("postgres"));
        server(path, "18.6");
        var programs = new InstalledPrograms(
                List.of(
                        new InstalledPrograms.Root(debian, "*"),
                        new InstalledPrograms.Root(rhel, "pgsql-*"),
                        new InstalledPrograms.Root(folder.resolve("absent"), "*")),
                List.of(path, linked, folder),
                PROCESSES);

        assertThat(programs.all())
                .extracting(PostgresInstallation::version)
                .containsExactly("18.6", "17.2", "16.4", "15.18");
    }

    @Test
    void asksThisMachineByMajorVersion() {
        List<PostgresInstallation> installed = PostgresInstallation.installed(PROCESSES);

        assertThat(PostgresInstallation.ofMajor(7, PROCESSES)).isEmpty();
        for (PostgresInstallation each : installed) {
            assertThat(PostgresInstallation.ofMajor(each.major(), PROCESSES))
                    .hasValueSatisfying(found -> assertThat(found.major()).isEqualTo(each.major()));
        }
    }

    private static void server(Path bin, String version) throws IOException {
        program(Files.createDirectories(bin), "echo 'postgres (PostgreSQL) " + version + "'");
    }

    private static void program(Path bin, String body) throws IOException {
        Path script = Files.writeString(bin.resolve("postgres"), "#!/bin/sh\n" + body + "\n");
        Permissions.open(script, true);
    }
}
