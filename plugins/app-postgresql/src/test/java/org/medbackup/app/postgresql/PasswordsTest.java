package org.medbackup.app.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medbackup.core.Secret;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

class PasswordsTest {

    @TempDir
    Path home;

    @Test
    void theAddressComesBeforeTheVariableAndTheVariableBeforeTheFile() throws IOException {
        file(".pgpass", "*:*:*:*:from-file");
        var both = new Passwords(Map.of("PGPASSWORD", "from-variable"), home);
        var file = new Passwords(Map.of("PGPASSWORD", ""), home);

        assertThat(found(both, "postgresql://u:from-address@h")).isEqualTo("from-address");
        assertThat(found(both, "postgresql://u@h")).isEqualTo("from-variable");
        assertThat(found(file, "postgresql://u@h")).isEqualTo("from-file");
    }

    @Test
    void withoutAnyThereIsNone() {
        assertThat(found(new Passwords(Map.of(), home), "postgresql://u@h")).isEqualTo("none");
        assertThat(Passwords.ofThisProcess().home()).isAbsolute();
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql://alice@db1:5432/clinic, exact",
        "postgresql://alice@db1:5433/clinic, other port",
        "postgresql://bob@db2/any, 'with:colon and \\ backslash'",
        "postgresql://carol@db1/clinic, none",
    })
    void takesTheFirstLineThatFits(String address, String expected) throws IOException {
        Path file = file("passwords", """
                # a comment:*:*:*:no
                too:few:fields
                db1:5432:clinic:alice:exact
                db1:*:clinic:alice:other port
                db2:5432:*:bob:with\\:colon and \\\\ backslash
                db2:5432:*:bob:second
                """);

        assertThat(found(new Passwords(Map.of("PGPASSFILE", file.toString()), home), address))
                .isEqualTo(expected);
    }

    @Test
    void aFileThatOthersCanReadIsRefused() throws IOException {
        Path file = file(".pgpass", "*:*:*:*:canary");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(() -> found(new Passwords(Map.of(), home), "postgresql://u@h"))
                .isInstanceOfSatisfying(BackupException.class, open -> {
                    assertThat(open.code()).isEqualTo(ErrorCode.CREDENTIAL_UNREADABLE);
                    assertThat(open.describe()).doesNotContain("canary");
                });
    }

    @Test
    void aFileThatIsNoTextIsRefused() throws IOException {
        Path file = file(".pgpass", "");
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe});

        assertThatThrownBy(() -> found(new Passwords(Map.of(), home), "postgresql://u@h"))
                .isInstanceOf(BackupException.class);
    }

    private Path file(String name, String content) throws IOException {
        Path file = Files.writeString(home.resolve(name), content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    private static String found(Passwords passwords, String address) {
        Secret secret = passwords.of(PostgresAddress.parse(URI.create(address)));
        return secret == null ? "none" : secret.use(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }
}
