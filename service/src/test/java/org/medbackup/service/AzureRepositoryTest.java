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
import org.medbackup.engine.RetentionRules;
import org.medbackup.engine.VerifyLevel;
import org.medbackup.testkit.AzuriteServer;
import org.medbackup.testkit.FakeAzure;

/** Everything that is done with a repository, done with one on a real Azure Blob server. */
class AzureRepositoryTest {

    private static final int IMAGE = 12_000_000;

    @TempDir
    static Path folder;

    @TempDir
    Path temp;

    private static AzuriteServer server;

    @BeforeAll
    static void startServer() {
        server = AzuriteServer.start(folder);
        server.createContainer("vault");
        System.setProperty("azure.storage.key", AzuriteServer.KEY);
        System.setProperty("medbackup.azure.endpoint", server.endpoint());
    }

    @AfterAll
    static void stopServer() {
        System.clearProperty("azure.storage.key");
        System.clearProperty("medbackup.azure.endpoint");
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

    @Test
    void aRepositoryOnAzureIsMadeBackedUpToVerifiedRestoredAndCollected() throws Exception {
        Path source = source();
        RepositoryAccess access = access("azure://clinic/vault/ward");
        try (var site = new Site(temp.resolve("site"))) {
            assertThat(site.product.init(access, null).location()).isEqualTo("azure://clinic/vault/ward");
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
        assertThat(Site.everythingBelow(temp.resolve("site"))).doesNotContain(AzuriteServer.KEY);
    }

    @Test
    void aRepositoryWithLocksIsRestoredAfterSomebodyDeletedOrReplacedAllOfIt() throws Exception {
        Path source = source();
        try (FakeAzure azure = FakeAzure.start();
                var site = new Site(temp.resolve("site"))) {
            RepositoryAccess access = access(
                    "azure://clinic/" + FakeAzure.CONTAINER + "/ward?lock=compliance&endpoint=" + azure.endpoint());
            site.product.init(access, null);
            String snapshot = site.product
                    .backup(access, BackupOrder.of(List.of(Site.path(source))))
                    .snapshot();

            List<String> names = azure.names();
            for (int i = 0; i < names.size(); i++) {
                azure.hide(names.get(i));
                if (i % 2 == 0) {
                    azure.putOver(names.get(i), new byte[7]);
                }
            }

            assertRestores(site, access, snapshot, source);
            assertThat(site.product
                            .verify(access, VerifyLevel.RESTORE, 100, List.of())
                            .isWhole())
                    .isTrue();
            site.audit();
        }
    }

    @Test
    void aRestorePointIsCopiedFromAFolderToAzureAndBack() throws Exception {
        Path source = source();
        RepositoryAccess here = access(temp.resolve("repository").toString());
        RepositoryAccess cloud = access("azure://clinic/vault/copy");
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
    void aContainerThatIsNotThereIsNoPlaceForARepository() {
        try (var site = new Site(temp.resolve("site"))) {
            assertThat(Site.failure(
                            ErrorCode.BUCKET_NOT_FOUND,
                            () -> site.product.init(access("azure://clinic/absent/ward"), null)))
                    .isNotNull();
        }
    }
}
