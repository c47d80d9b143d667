package org.medbackup.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Secret;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

class CredentialsTest {

    @TempDir
    Path temp;

    private Site site;

    @BeforeEach
    void open() {
        site = new Site(temp).initialised();
    }

    @AfterEach
    void close() {
        site.close();
    }

    private Path file(String name, String content, String permissions) throws IOException {
        Path file = Site.write(temp.resolve(name), content.getBytes(UTF_8));
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private void opensWith(CredentialSource credential) {
        assertThat(site.product.stats(site.with(credential)).snapshots()).isZero();
    }

    private BackupException refused(ErrorCode code, CredentialSource credential) {
        return Site.failure(code, () -> site.product.stats(site.with(credential)));
    }

    @Test
    void thePasswordIsTheFirstLineOfItsFile() throws IOException {
        opensWith(new CredentialSource.PasswordFile(file("password", Site.PASSWORD, "rw-------")));
        opensWith(new CredentialSource.PasswordFile(file("unix", Site.PASSWORD + "\nsecond line", "rw-------")));
        opensWith(new CredentialSource.PasswordFile(file("windows", Site.PASSWORD + "\r\n", "rw-------")));
    }

    @Test
    void aWrongPasswordIsToldApartFromADamagedRepository() throws IOException {
        BackupException wrong =
                refused(ErrorCode.WRONG_PASSWORD, new CredentialSource.Password(Secret.ofText("wrong")));
        assertThat(wrong.remedy()).contains("intact");

        for (String keys : new String[] {"keys", "keys.2"}) {
            try (var files = Files.walk(site.repository().resolve(keys))) {
                for (Path key : files.filter(Files::isRegularFile).toList()) {
                    byte[] bytes = Files.readAllBytes(key);
                    bytes[bytes.length / 2] ^= 1;
                    Files.write(key, bytes);
                }
            }
        }
        refused(ErrorCode.KEYS_DAMAGED, new CredentialSource.Password(Secret.ofText("wrong")));
        refused(ErrorCode.KEYS_DAMAGED, new CredentialSource.Password(Secret.ofText(Site.PASSWORD)));
    }

    @Test
    void aRepositoryWhoseDescriptionIsGoneIsNoRepository() throws IOException {
        Files.delete(site.repository().resolve("format"));
        opensWith(new CredentialSource.Password(Secret.ofText(Site.PASSWORD)));

        Files.delete(site.repository().resolve("format.2"));
        refused(ErrorCode.REPOSITORY_NOT_FOUND, new CredentialSource.Password(Secret.ofText(Site.PASSWORD)));
    }

    @Test
    void withoutAnyCredentialNothingIsOpened() {
        BackupException failure = refused(ErrorCode.NO_CREDENTIAL_GIVEN, new CredentialSource.None());

        assertThat(failure.remedy()).contains("--password-file", "MEDBACKUP_PASSWORD");
    }

    @Test
    void anEmptyPasswordMakesNoRepository() {
        Path other = temp.resolve("other");
        var empty = new RepositoryAccess(other.toString(), new CredentialSource.Password(Secret.ofText("")));

        Site.failure(ErrorCode.NO_CREDENTIAL_GIVEN, () -> site.product.init(empty, null));

        assertThat(other.resolve("format")).doesNotExist();
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path nothing = temp.resolve("nothing");

        assertThat(refused(ErrorCode.CREDENTIAL_UNREADABLE, new CredentialSource.PasswordFile(nothing))
                        .describe())
                .contains(nothing.toString());
        assertThat(refused(ErrorCode.CREDENTIAL_UNREADABLE, new CredentialSource.KeyFile(nothing))
                        .describe())
                .contains(nothing.toString());
        refused(ErrorCode.CREDENTIAL_UNREADABLE, new CredentialSource.PasswordFile(temp));
    }

    @Test
    void aKeyFileThatOthersMayReadIsRefusedAndTheFailureSaysWhatMendsIt() throws IOException {
        Path key = site.writerKey();
        var source = new CredentialSource.KeyFile(key);

        for (String mode : new String[] {"rw-r-----", "rw----r--", "rw--w----", "rwx------"}) {
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString(mode));
            assertThat(refused(ErrorCode.CREDENTIAL_UNREADABLE, source).describe())
                    .as(mode)
                    .contains("chmod 600");
        }
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("r--------"));
        refused(ErrorCode.KEY_ROLE_INSUFFICIENT, source);
    }

    @Test
    void aKeyOfAnotherRepositoryOrNoKeyAtAllOpensNothing() throws IOException {
        Path otherKey = temp.resolve("other.key");
        site.product.init(
                new RepositoryAccess(
                        temp.resolve("other").toString(), new CredentialSource.Password(Secret.ofText(Site.PASSWORD))),
                otherKey);

        refused(ErrorCode.WRONG_PASSWORD, new CredentialSource.KeyFile(otherKey));
        Path none = file("none.key", "this is no key\n", "rw-------");
        BackupException failure = Site.failure(
                ErrorCode.CREDENTIAL_UNREADABLE,
                () -> site.product.stats(site.with(new CredentialSource.KeyFile(none))));
        assertThat(failure.describe()).doesNotContain("this is no key");
    }
}
