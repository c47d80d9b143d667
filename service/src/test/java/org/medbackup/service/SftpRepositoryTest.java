package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Secret;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.corpus.Bytes;
import org.medbackup.engine.CollectRequest;
import org.medbackup.engine.CollectResult;
import org.medbackup.engine.ForgetResult;
import org.medbackup.engine.RestoreResult;
import org.medbackup.engine.RetentionRules;
import org.medbackup.engine.VerifyLevel;
import org.medbackup.testkit.SftpServer;

/** Everything that is done with a repository, done with one on a real OpenSSH server. */
class SftpRepositoryTest {

    @TempDir
    static Path folder;

    @TempDir
    Path temp;

    private static SftpServer server;

    @BeforeAll
    static void startServer() {
        server = SftpServer.start(folder);
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    private static RepositoryAccess access(String location) {
        return new RepositoryAccess(location, new CredentialSource.Password(Secret.ofText(Site.PASSWORD)));
    }

    private Path source() throws Exception {
        Path source = Files.createDirectories(temp.resolve("source"));
        Files.write(source.resolve("image.raw"), Bytes.random(1, 12_000_000));
        Files.writeString(source.resolve("letter.txt"), "Dear colleague");
        return source;
    }

    private void assertRestores(Site site, RepositoryAccess access, String snapshot, Path source) {
        Path target = temp.resolve("out" + System.identityHashCode(access));
        RestoreResult restored =
                site.product.restore(access, new RestoreOrder(snapshot, Site.path(source), List.of(), target));
        assertThat(restored.isComplete()).isTrue();
        assertThat(target.resolve("image.raw")).hasBinaryContent(Bytes.random(1, 12_000_000));
        assertThat(target.resolve("letter.txt")).hasContent("Dear colleague");
    }

    private static boolean isWhole(Site site, RepositoryAccess access) {
        return site.product.verify(access, VerifyLevel.RESTORE, 100, List.of()).isWhole();
    }

    @Test
    void aRepositoryOverSftpIsMadeBackedUpToVerifiedRestoredAndCollected() throws Exception {
        Path source = source();
        RepositoryAccess access = access(server.location(temp.resolve("far/ward")));
        try (var site = new Site(temp.resolve("site"))) {
            assertThat(site.product.init(access, null).location()).endsWith("/far/ward");
            BackupOrder order = BackupOrder.of(List.of(Site.path(source)));
            String first = site.product.backup(access, order).snapshot();
            assertThat(isWhole(site, access)).isTrue();
            assertRestores(site, access, first, source);
            Files.write(source.resolve("image.raw"), Bytes.random(2, 1_000_000));
            String second = site.product.backup(access, order).snapshot();

            // The last restore point that was verified is kept until a newer one is.
            assertThat(isWhole(site, access)).isTrue();
            ForgetResult forgotten = site.product.forget(access, RetentionRules.NONE, List.of(first), false);
            CollectResult collected = site.product.collect(access, CollectRequest.usual());

            assertThat(forgotten.removed()).containsExactly(first);
            assertThat(collected.bytes().before() - collected.bytes().after()).isGreaterThan(12_000_000);
            assertThat(isWhole(site, access)).isTrue();
            assertThat(site.product.stats(access).snapshots()).isEqualTo(1);
            assertThat(second).isNotEqualTo(first);
            site.audit();
        }
        assertThat(Site.everythingBelow(temp.resolve("site"))
                        .contains(server.key().toString()))
                .as("the place of the key in the state of the site")
                .isFalse();
    }

    @Test
    void aRestorePointIsCopiedToAnSftpTargetThatWasProbedBefore() throws Exception {
        Path source = source();
        Path far = Files.createDirectories(temp.resolve("far"));
        RepositoryAccess here = access(temp.resolve("repository").toString());
        RepositoryAccess there = access(server.location(far));
        try (var site = new Site(temp.resolve("site"))) {
            TargetCapabilities found = site.product.probeTarget(there.location());
            assertThat(found.isCreateOnly()).isTrue();
            assertThat(found.left()).isEqualTo(TargetCapabilities.Left.NOTHING);
            assertThat(far).isEmptyDirectory();
            site.product.init(here, null);
            String snapshot = site.product
                    .backup(here, BackupOrder.of(List.of(Site.path(source))))
                    .snapshot();

            assertThat(site.product.copy(here, "latest", there.location()).committed())
                    .isTrue();

            assertRestores(site, there, snapshot, source);
        }
    }

    @Test
    void aHostWhoseKeyNobodyKnowsIsNotTalkedToAndNotAskedAgain() throws Exception {
        String location = server.location(temp.resolve("far")).replaceFirst("known-hosts=.*", "known-hosts=/dev/null");
        try (var site = new Site(temp.resolve("site"))) {
            BackupException failure =
                    Site.failure(ErrorCode.HOST_KEY_UNKNOWN, () -> site.product.init(access(location), null));

            assertThat(failure.context()).doesNotContainKey("tried");
            assertThat(temp.resolve("far")).doesNotExist();
        }
    }
}
