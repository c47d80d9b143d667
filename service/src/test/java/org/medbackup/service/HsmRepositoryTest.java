package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.PathBytes;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Processes;
import org.medbackup.corpus.Bytes;
import org.medbackup.engine.BackupResult;
import org.medbackup.engine.CollectRequest;
import org.medbackup.engine.CollectResult;
import org.medbackup.engine.RetentionRules;
import org.medbackup.engine.VerifyLevel;
import org.medbackup.testkit.ManualExample;

/** Everything that is done with a repository, done with one under hierarchical storage management. */
class HsmRepositoryTest {

    private static final int IMAGE = 12_000_000;

    @TempDir
    Path temp;

    private RepositoryAccess access() {
        return new RepositoryAccess(
                "hsm://" + temp.resolve("archive"), new CredentialSource.Password(Secret.ofText(Site.PASSWORD)));
    }

    private Path source() throws Exception {
        Path source = Files.createDirectories(temp.resolve("source"));
        Files.write(source.resolve("image.raw"), Bytes.random(1, IMAGE));
        Files.writeString(source.resolve("letter.txt"), "Dear colleague");
        return source;
    }

    private RestoreOrder order(String snapshot, Path source, String target) {
        return new RestoreOrder(snapshot, Site.path(source), List.of(), temp.resolve(target));
    }

    private static BackupResult example(Path state, String location, PathBytes documents) {
        // example:begin
        // The location is hsm:///mnt/archive/medbackup?commands=/etc/medbackup/hsm.yaml.
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
        Path commands = Files.writeString(temp.resolve("hsm.yaml"), "commands: {recall: {run: [/bin/cat, '{}']}}\n");
        Files.setPosixFilePermissions(commands, PosixFilePermissions.fromString("rw-------"));
        String location = "hsm://" + temp.resolve("example") + "?commands=" + commands;

        assertThat(example(temp.resolve("state"), location, Site.path(source()))
                        .bytes()
                        .stored())
                .isGreaterThan(IMAGE);
        ManualExample.assertStandsIn(
                "docs/store-hsm.md", "service/src/test/java/org/medbackup/service/HsmRepositoryTest.java");
    }

    @Test
    void aRepositoryUnderStorageManagementIsMadeBackedUpToVerifiedRestoredAndCollected() throws Exception {
        Path source = source();
        RepositoryAccess access = access();
        try (var site = new Site(temp.resolve("site"))) {
            assertThat(site.product.init(access, null).location()).isEqualTo("hsm://" + temp.resolve("archive"));
            BackupOrder order = BackupOrder.of(List.of(Site.path(source)));
            BackupResult first = site.product.backup(access, order);
            assertThat(site.product
                            .restore(access, order(first.snapshot(), source, "out"))
                            .isComplete())
                    .isTrue();
            assertThat(temp.resolve("out/image.raw")).hasBinaryContent(Bytes.random(1, IMAGE));

            Files.write(source.resolve("image.raw"), Bytes.random(2, 1_000_000));
            site.product.backup(access, order);
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

    /** Takes the blocks of all packs of data, and returns what was in them. */
    private Map<Path, byte[]> migrateData() throws Exception {
        var contents = new HashMap<Path, byte[]>();
        try (Stream<Path> files = Files.walk(temp.resolve("archive/d"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(file, Files.readAllBytes(file));
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
                String size = String.valueOf(Files.size(file));
                assertThat(Processes.system()
                                .run(Command.of("fallocate", "-p", "-o", "0", "-l", size, file.toString()))
                                .exitCode())
                        .isZero();
            }
        }
        return contents;
    }

    @Test
    void whereDataIsAwayBackupsAndListsGoOnAndARestoreSaysWhatItWaitsFor() throws Exception {
        Path source = source();
        RepositoryAccess access = access();
        try (var site = new Site(temp.resolve("site"))) {
            site.product.init(access, null);
            BackupOrder order = BackupOrder.of(List.of(Site.path(source)));
            BackupResult first = site.product.backup(access, order);

            Map<Path, byte[]> contents = migrateData();

            assertThat(contents).isNotEmpty();
            Files.writeString(source.resolve("letter.txt"), "Dear colleague, once more");
            BackupResult second = site.product.backup(access, order);
            assertThat(site.product.snapshots(access, "", new TreeMap<>()))
                    .extracting(view -> view.snapshot().id())
                    .containsExactly(first.snapshot(), second.snapshot());
            assertThat(Site.failure(
                            ErrorCode.OBJECT_OFFLINE,
                            () -> site.product.restore(access, order(first.snapshot(), source, "early"))))
                    .isNotNull();

            for (Map.Entry<Path, byte[]> each : contents.entrySet()) {
                Files.write(each.getKey(), each.getValue());
            }
            assertThat(site.product
                            .restore(access, order(first.snapshot(), source, "late"))
                            .isComplete())
                    .isTrue();
            assertThat(temp.resolve("late/image.raw")).hasBinaryContent(Bytes.random(1, IMAGE));
        }
    }
}
