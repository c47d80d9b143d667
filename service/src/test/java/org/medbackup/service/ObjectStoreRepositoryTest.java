package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.corpus.Bytes;
import org.medbackup.engine.BackupResult;
import org.medbackup.engine.CollectRequest;
import org.medbackup.engine.CollectResult;
import org.medbackup.engine.CopyResult;
import org.medbackup.engine.ForgetResult;
import org.medbackup.engine.RestoreResult;
import org.medbackup.engine.RetentionRules;
import org.medbackup.engine.VerifyLevel;
import org.medbackup.testkit.S3Server;

/** Everything that is done with a repository, done with one on a real S3 server. */
class ObjectStoreRepositoryTest {

    @TempDir
    static Path folder;

    @TempDir
    Path temp;

    private static S3Server server;

    @BeforeAll
    static void startServer() {
        server = S3Server.start(folder);
        server.createBucket("clinic");
        System.setProperty("aws.accessKeyId", S3Server.ACCESS_KEY);
        System.setProperty("aws.secretAccessKey", S3Server.SECRET_KEY);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    private static RepositoryAccess access(String location) {
        return new RepositoryAccess(location, new CredentialSource.Password(Secret.ofText(Site.PASSWORD)));
    }

    private static String s3(String prefix) {
        return "s3://clinic/" + prefix + "?endpoint=" + server.endpoint();
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

    @Test
    void aRepositoryOnS3IsMadeBackedUpToListedVerifiedMeasuredAndRestored() throws Exception {
        Path source = source();
        RepositoryAccess access = access(s3("ward"));
        try (var site = new Site(temp.resolve("site"))) {
            assertThat(site.product.init(access, null).location()).isEqualTo("s3://clinic/ward");
            BackupOrder order = BackupOrder.of(List.of(Site.path(source)));
            BackupResult first = site.product.backup(access, order);
            Files.writeString(source.resolve("note.txt"), "new");
            BackupResult second = site.product.backup(access, order);

            assertThat(first.bytes().stored()).isGreaterThan(12_000_000);
            assertThat(second.bytes().stored()).isLessThan(1_000_000);
            assertThat(site.product.snapshots(access, "", new TreeMap<>()))
                    .extracting(view -> view.snapshot().id())
                    .containsExactly(first.snapshot(), second.snapshot());
            assertThat(site.product
                            .verify(access, VerifyLevel.RESTORE, 100, List.of())
                            .isWhole())
                    .isTrue();
            assertThat(site.product.stats(access).snapshots()).isEqualTo(2);
            assertRestores(site, access, second.snapshot(), source);
            site.audit();
        }
        assertThat(Site.everythingBelow(temp.resolve("site")).contains(S3Server.SECRET_KEY))
                .isFalse();
    }

    @Test
    void whatIsForgottenOnS3IsFreedThere() throws Exception {
        Path source = source();
        RepositoryAccess access = access(s3("freed"));
        try (var site = new Site(temp.resolve("site"))) {
            site.product.init(access, null);
            BackupOrder order = BackupOrder.of(List.of(Site.path(source)));
            String first = site.product.backup(access, order).snapshot();
            Files.write(source.resolve("image.raw"), Bytes.random(2, 1_000_000));
            site.product.backup(access, order);

            ForgetResult planned = site.product.forget(access, RetentionRules.NONE, List.of(first), true);
            ForgetResult forgotten = site.product.forget(access, RetentionRules.NONE, List.of(first), false);
            CollectResult collected = site.product.collect(access, CollectRequest.usual());

            assertThat(planned.removed()).containsExactly(first).isEqualTo(forgotten.removed());
            assertThat(collected.bytes().before() - collected.bytes().after()).isGreaterThan(12_000_000);
            assertThat(site.product
                            .verify(access, VerifyLevel.RESTORE, 100, List.of())
                            .isWhole())
                    .isTrue();
        }
    }

    @Test
    void aRestorePointIsCopiedFromAFolderToS3AndBack() throws Exception {
        Path source = source();
        RepositoryAccess here = access(temp.resolve("repository").toString());
        RepositoryAccess cloud = access(s3("copy"));
        RepositoryAccess back = access(temp.resolve("back").toString());
        try (var site = new Site(temp.resolve("site"))) {
            site.product.init(here, null);
            String snapshot = site.product
                    .backup(here, BackupOrder.of(List.of(Site.path(source))))
                    .snapshot();

            CopyResult there = site.product.copy(here, "latest", cloud.location());
            CopyResult again = site.product.copy(here, snapshot, cloud.location());
            CopyResult third = site.product.copy(cloud, "latest", back.location());

            assertThat(there.committed()).isTrue();
            assertThat(there.packs().copied()).isPositive();
            assertThat(again.packs())
                    .isEqualTo(new CopyResult.Packs(0, there.packs().copied()));
            assertThat(third.packs()).isEqualTo(there.packs());
            for (RepositoryAccess each : List.of(cloud, back)) {
                assertThat(site.product
                                .verify(each, VerifyLevel.CIPHERTEXT, 100, List.of())
                                .isWhole())
                        .isTrue();
                assertRestores(site, each, snapshot, source);
            }
        }
    }

    @Test
    void aRepositoryIsNotCopiedOntoItself() {
        RepositoryAccess access = access(temp.resolve("repository").toString());
        try (var site = new Site(temp.resolve("site"))) {
            site.product.init(access, null);

            assertThat(Site.failure(
                            ErrorCode.USAGE, () -> site.product.copy(access, "latest", access.location() + "/")))
                    .isNotNull();
        }
    }

    @Test
    void aDamagedPackEndsACopyAsAFinding() throws Exception {
        RepositoryAccess access = access(temp.resolve("repository").toString());
        try (var site = new Site(temp.resolve("site"))) {
            site.product.init(access, null);
            site.product.backup(access, BackupOrder.of(List.of(Site.path(source()))));
            damage(temp.resolve("repository/d"));

            CopyResult result =
                    site.product.copy(access, "latest", temp.resolve("copy").toString());

            assertThat(result.committed()).isFalse();
            assertThat(site.events.all().toString()).contains("OBJECT_DAMAGED");
        }
    }

    private static void damage(Path folder) throws Exception {
        try (var packs = Files.walk(folder)) {
            Path pack = packs.filter(Files::isRegularFile).findFirst().orElseThrow();
            byte[] bytes = Files.readAllBytes(pack);
            bytes[bytes.length / 2] ^= 1;
            Files.delete(pack);
            Files.write(pack, bytes);
        }
    }
}
