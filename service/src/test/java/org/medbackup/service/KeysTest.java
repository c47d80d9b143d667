package org.medbackup.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.KeyDerivation;
import org.medbackup.engine.KeyInfo;
import org.medbackup.engine.KeyRole;
import org.medbackup.engine.RepositoryOptions;
import org.medbackup.engine.VerifyLevel;

/** Keys as files, and what the audit trail keeps of them. */
class KeysTest {

    @TempDir
    Path temp;

    private Site site;

    @BeforeEach
    void open() {
        site = new Site(temp);
        site.product.init(
                site.reading(),
                site.writerKey(),
                new RepositoryOptions(KeyDerivation.PBKDF2, RepositoryOptions.Signatures.ED25519));
        site.product.keys().exportRecovery(site.reading(), temp.resolve("owning.key"));
    }

    /** With the owner's key file: a password is stretched at every call. */
    private RepositoryAccess owning() {
        return withKey(temp.resolve("owning.key"));
    }

    @AfterEach
    void close() {
        site.close();
    }

    private static void isPrivate(Path file) throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    private RepositoryAccess withKey(Path file) {
        return site.with(new CredentialSource.KeyFile(file));
    }

    @Test
    void aMaintainersKeyIsANewPrivateFileAndVerifies() throws IOException {
        Path file = temp.resolve("maintainer.key");

        KeyOperations.Keys done = site.product.keys().addRecipient(owning(), KeyRole.MAINTAINER, "operator", file);

        assertThat(done.files()).containsExactly(file);
        assertThat(done.keys()).extracting(KeyInfo::name).contains("operator");
        isPrivate(file);
        assertThat(site.product
                        .verify(withKey(file), VerifyLevel.CIPHERTEXT, 100, List.of())
                        .isWhole())
                .isTrue();
        Site.failure(
                ErrorCode.KEY_ROLE_INSUFFICIENT,
                () -> site.product.snapshots(withKey(file), "", new java.util.TreeMap<>()));
        Site.failure(
                ErrorCode.TARGET_UNUSABLE,
                () -> site.product.keys().addRecipient(owning(), KeyRole.READER, "again", file));
        Site.failure(
                ErrorCode.USAGE,
                () -> site.product.keys().addRecipient(owning(), KeyRole.OWNER, "x", temp.resolve("x")));
        assertThat(temp.resolve("x")).doesNotExist();
        assertThat(site.product.keys().list(site.writing()).keys()).hasSizeGreaterThan(3);
    }

    @Test
    void aFileIsNotLeftBehindWhereNoKeyWasMade() {
        Path file = temp.resolve("reader.key");

        Site.failure(
                ErrorCode.KEY_ROLE_INSUFFICIENT,
                () -> site.product.keys().addRecipient(site.writing(), KeyRole.READER, "x", file));

        assertThat(file).doesNotExist();
    }

    @Test
    void aNewPasswordComesFromItsFileAndTheOldOneOpensNoMore() throws IOException {
        Path file = Files.writeString(temp.resolve("new"), "battery staple\n");

        KeyOperations.Keys done = site.product
                .keys()
                .rotate(site.reading(), new CredentialSource.PasswordFile(file), KeyDerivation.ARGON2ID, false);

        assertThat(done.keys().getFirst().algorithm()).isEqualTo("Argon2id");
        Site.failure(ErrorCode.WRONG_PASSWORD, () -> site.product.keys().list(site.reading()));
        assertThat(site.product
                        .keys()
                        .list(site.with(new CredentialSource.PasswordFile(file)))
                        .keys())
                .hasSize(done.keys().size());
    }

    @Test
    void pairsAreRotatedUnderTheSamePassword() {
        KeyOperations.Keys done =
                site.product.keys().rotate(site.reading(), new CredentialSource.None(), KeyDerivation.PBKDF2, true);

        assertThat(done.keys())
                .filteredOn(key -> key.state() == KeyInfo.State.SUPERSEDED)
                .hasSize(3);
        Site.failure(
                ErrorCode.NO_CREDENTIAL_GIVEN,
                () -> site.product
                        .keys()
                        .rotate(site.writing(), new CredentialSource.None(), KeyDerivation.PBKDF2, true));
    }

    @Test
    void sharesAreFilesThatJoinToTheOwnersKey() throws IOException {
        Path folder = temp.resolve("shares");
        KeyOperations.Keys done = site.product.keys().exportRecovery(owning(), 2, 3, folder);
        assertThat(done.files())
                .containsExactly(
                        folder.resolve("share-1-of-3.txt"),
                        folder.resolve("share-2-of-3.txt"),
                        folder.resolve("share-3-of-3.txt"));
        for (Path share : done.files()) {
            isPrivate(share);
        }
        Path key = temp.resolve("owner.key");

        site.product
                .keys()
                .combineRecovery(List.of(done.files().get(2), done.files().get(1)), key);

        isPrivate(key);
        assertThat(site.product.stats(withKey(key)).snapshots()).isZero();
        site.product
                .keys()
                .rotate(
                        withKey(key),
                        new CredentialSource.Password(Secret.ofText("fresh")),
                        KeyDerivation.PBKDF2,
                        false);
        Site.failure(ErrorCode.WRONG_PASSWORD, () -> site.product.keys().list(site.reading()));
    }

    @Test
    void tooFewOrForeignSharesMakeNoKey() throws IOException {
        List<Path> shares = site.product
                .keys()
                .exportRecovery(owning(), 2, 3, temp.resolve("shares"))
                .files();
        Path key = temp.resolve("owner.key");

        Site.failure(
                ErrorCode.CREDENTIAL_UNREADABLE, () -> site.product.keys().combineRecovery(shares.subList(0, 1), key));
        Site.failure(
                ErrorCode.CREDENTIAL_UNREADABLE,
                () -> site.product.keys().combineRecovery(List.of(temp.resolve("nothing")), key));

        assertThat(key).doesNotExist();
    }

    @Test
    void sharesThatCannotAllBeWrittenAreTakenBack() throws IOException {
        Path folder = Files.createDirectories(temp.resolve("shares"));
        Files.writeString(folder.resolve("share-2-of-3.txt"), "in the way");

        Site.failure(ErrorCode.TARGET_UNUSABLE, () -> site.product.keys().exportRecovery(owning(), 2, 3, folder));

        assertThat(folder.resolve("share-1-of-3.txt")).doesNotExist();
        assertThat(folder.resolve("share-2-of-3.txt")).hasContent("in the way");
        Path file = Files.writeString(temp.resolve("file"), "no folder");
        Site.failure(
                ErrorCode.TARGET_UNUSABLE,
                () -> site.product.keys().exportRecovery(owning(), 2, 3, file.resolve("below")));
    }

    @Test
    void theWholeKeyGoesToOneFile() throws IOException {
        Path file = temp.resolve("owner.key");

        site.product.keys().exportRecovery(owning(), file);

        isPrivate(file);
        assertThat(Files.readString(file)).contains("role: owner");
        assertThat(site.product.stats(withKey(file)).snapshots()).isZero();
    }

    @Test
    void theAuditTrailKeepsWhatWasDoneAndNoKey() throws IOException {
        Path file = temp.resolve("reader.key");
        site.product.keys().addRecipient(owning(), KeyRole.READER, "archive", file);
        site.product.keys().exportRecovery(owning(), 2, 3, temp.resolve("shares"));
        String secret = Files.readString(temp.resolve("shares/share-1-of-3.txt"))
                .lines()
                .filter(line -> line.startsWith("secret: "))
                .findFirst()
                .orElseThrow()
                .substring(8);

        assertThat(site.events.all().toString())
                .contains("key-add-recipient", "key-export-recovery")
                .doesNotContain(secret)
                .doesNotContain(Site.PASSWORD);
        try (var files = Files.walk(site.state().resolve("audit"))) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(each), java.nio.charset.StandardCharsets.ISO_8859_1))
                        .doesNotContain(secret)
                        .doesNotContain(new String(Site.PASSWORD.getBytes(UTF_8), UTF_8));
            }
        }
    }
}
