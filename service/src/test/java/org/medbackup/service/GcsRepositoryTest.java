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
import org.medbackup.core.PathBytes;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.corpus.Bytes;
import org.medbackup.engine.BackupResult;
import org.medbackup.engine.CollectRequest;
import org.medbackup.engine.CollectResult;
import org.medbackup.engine.RetentionRules;
import org.medbackup.engine.VerifyLevel;
import org.medbackup.testkit.FakeGoogle;
import org.medbackup.testkit.FakeGoogleTokens;
import org.medbackup.testkit.GcsServer;
import org.medbackup.testkit.ManualExample;

/** Everything that is done with a repository, done with one on a server for Google Cloud Storage. */
class GcsRepositoryTest {

    private static final int IMAGE = 12_000_000;

    @TempDir
    static Path folder;

    @TempDir
    Path temp;

    private static GcsServer server;

    @BeforeAll
    static void startServer() {
        server = GcsServer.start(folder);
        server.createBucket("vault");
        System.setProperty("medbackup.gcs.endpoint", server.endpoint());
    }

    @AfterAll
    static void stopServer() {
        System.clearProperty("medbackup.gcs.endpoint");
        server.close();
    }

    private static RepositoryAccess access(String location) {
        return new RepositoryAccess(location, new CredentialSource.Password(Secret.ofText(Site.PASSWORD)));
    }

    private Path source() throws Exception {
        Path source = Files.createDirectories(temp.resolve("source"));
        Files.write(source.resolve("image.raw"), Bytes.random(1, IMAGE));
        Files.writeString(source.resolve("letter.txt"), "Dear colleague");
        return source;
    }

    private void assertRestores(Site site, RepositoryAccess access, String snapshot, Path source) {
        Path target = temp.resolve("out" + System.identityHashCode(access));
        assertThat(site.product
                        .restore(access, new RestoreOrder(snapshot, Site.path(source), List.of(), target))
                        .isComplete())
                .isTrue();
        assertThat(target.resolve("image.raw")).hasBinaryContent(Bytes.random(1, IMAGE));
        assertThat(target.resolve("letter.txt")).hasContent("Dear colleague");
    }

    private static BackupResult example(Path state, String location, PathBytes documents) {
        // example:begin
        // The location is gs://bucket/prefix.
        Settings settings = Settings.of(state, new Actor("nightly", "server01", "scheduled", null));
        var password = new CredentialSource.Password(Secret.ofText("from your vault"));
        var access = new RepositoryAccess(location, password);
        try (MedBackup product = MedBackup.open(settings)) {
            product.init(access, null);
            return product.backup(access, BackupOrder.of(List.of(documents)));
        }
        // example:end
    }

    @Test
    void theExampleOfTheManualBacksUp() throws Exception {
        assertThat(example(temp.resolve("state"), "gs://vault/example", Site.path(source()))
                        .bytes()
                        .stored())
                .isGreaterThan(IMAGE);
        ManualExample.assertStandsIn(
                "docs/store-gcs.md", "service/src/test/java/org/medbackup/service/GcsRepositoryTest.java");
    }

    @Test
    void aRepositoryOnGoogleCloudStorageIsMadeBackedUpToVerifiedRestoredAndCollected() throws Exception {
        Path source = source();
        RepositoryAccess access = access("gs://vault/ward");
        try (var site = new Site(temp.resolve("site"))) {
            assertThat(site.product.init(access, null).location()).isEqualTo("gs://vault/ward");
            BackupOrder order = BackupOrder.of(List.of(Site.path(source)));
            BackupResult first = site.product.backup(access, order);
            assertThat(first.bytes().stored()).isGreaterThan(IMAGE);
            assertRestores(site, access, first.snapshot(), source);

            Files.write(source.resolve("image.raw"), Bytes.random(2, 1_000_000));
            BackupResult second = site.product.backup(access, order);
            assertThat(site.product.snapshots(access, "", new TreeMap<>()))
                    .extracting(view -> view.snapshot().id())
                    .containsExactly(first.snapshot(), second.snapshot());

            site.product.forget(access, RetentionRules.NONE, List.of(first.snapshot()), false);
            CollectResult collected = site.product.collect(access, CollectRequest.usual());
            assertThat(collected.bytes().before() - collected.bytes().after()).isGreaterThan(IMAGE);
            assertThat(site.product
                            .verify(access, VerifyLevel.RESTORE, 100, List.of())
                            .isWhole())
                    .isTrue();
            site.audit();
        }
    }

    @Test
    void theKeyOfAServiceAccountAndItsTokensAreLeftNowhere() throws Exception {
        try (FakeGoogle google = FakeGoogle.start();
                var site = new Site(temp.resolve("site"))) {
            Path key = google.tokens().writeKey(temp.resolve("key.json"));
            System.setProperty("google.application.credentials", key.toString());
            RepositoryAccess access = access("gs://" + FakeGoogle.BUCKET + "/ward?endpoint=" + google.endpoint());
            site.product.init(access, null);
            Path source = source();
            String snapshot = site.product
                    .backup(access, BackupOrder.of(List.of(Site.path(source))))
                    .snapshot();
            assertRestores(site, access, snapshot, source);
            Files.writeString(key, "{\"canary\":1}");
            assertThat(Site.failure(ErrorCode.STORE_DENIED, () -> site.product.snapshots(access, "", new TreeMap<>())))
                    .isNotNull();
            site.audit();
        } finally {
            System.clearProperty("google.application.credentials");
        }
        assertThat(Site.everythingBelow(temp.resolve("site")))
                .doesNotContain(
                        "canary", FakeGoogleTokens.pem().lines().toList().get(1));
    }

    @Test
    void aRestorePointIsCopiedFromAFolderToGoogleCloudStorageAndBack() throws Exception {
        Path source = source();
        RepositoryAccess here = access(temp.resolve("repository").toString());
        RepositoryAccess cloud = access("gs://vault/copy");
        RepositoryAccess back = access(temp.resolve("back").toString());
        try (var site = new Site(temp.resolve("site"))) {
            site.product.init(here, null);
            String snapshot = site.product
                    .backup(here, BackupOrder.of(List.of(Site.path(source))))
                    .snapshot();

            assertThat(site.product.copy(here, "latest", cloud.location()).committed())
                    .isTrue();
            assertThat(site.product.copy(cloud, "latest", back.location()).committed())
                    .isTrue();
            for (RepositoryAccess each : List.of(cloud, back)) {
                assertRestores(site, each, snapshot, source);
            }
        }
    }

    @Test
    void aBucketThatIsNotThereIsNoPlaceForARepository() {
        try (var site = new Site(temp.resolve("site"))) {
            assertThat(Site.failure(
                            ErrorCode.BUCKET_NOT_FOUND, () -> site.product.init(access("gs://absent/ward"), null)))
                    .isNotNull();
        }
    }
}
