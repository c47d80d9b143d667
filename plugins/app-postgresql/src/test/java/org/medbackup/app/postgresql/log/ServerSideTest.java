package org.medbackup.app.postgresql.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.medbackup.app.postgresql.BackupCase;
import org.medbackup.app.postgresql.FolderSink;
import org.medbackup.app.postgresql.OpenFolder;
import org.medbackup.app.postgresql.PostgresProvider;
import org.medbackup.app.postgresql.TestCluster;
import org.medbackup.app.postgresql.TestServers;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ApplicationLog;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.testkit.FolderArchive;

/** What a server's own archiver and its slots mean for us. */
class ServerSideTest {

    private static TestCluster cluster;

    @BeforeAll
    static void start() {
        cluster = new TestCluster(TestServers.bundled(), Map.of("archive_mode", "on", "archive_command", "false"));
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void anArchiveCommandThatFailsDoesNotHoldUpTheEndOfABackup() {
        try (var folder = new OpenFolder()) {
            var run = BackupCase.back(cluster, new FolderSink(folder.path()));

            assertThat(Double.parseDouble(run.consistency().evidence().get("stop_seconds")))
                    .isLessThan(5);
            assertThat(run.consistency().evidence()).containsEntry("timeline_history", "");
        }
    }

    @Test
    void whatTheSlotKeepsIsToldAndAMissingOneIsNoFault() {
        Readiness none = slot();
        assertThat(none.ok()).isTrue();
        assertThat(none.message()).contains("pg_create_physical_replication_slot");
        cluster.run("SELECT pg_create_physical_replication_slot('medbackup', true)");
        try {
            Readiness kept = slot();
            assertThat(kept.ok()).isTrue();
            assertThat(kept.message()).contains("keeps");
        } finally {
            cluster.run("SELECT pg_drop_replication_slot('medbackup')");
        }
        assertThat(SlotCheck.told(false, "extended", 5L << 30).remedy()).contains("pg_drop_replication_slot");
        assertThat(SlotCheck.told(true, "extended", 5L << 30).ok()).isTrue();
        assertThat(SlotCheck.told(false, "lost", 0).ok()).isFalse();
    }

    private static Readiness slot() {
        try (var application = cluster.application()) {
            application.discover(TestCluster.soon());
            return application.check(TestCluster.soon()).stream()
                    .filter(each -> each.name().equals("log_slot"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void historiesAndBackupFilesAreHandedOverAndAFileThatIsAskedForIsFoundByItsCluster() throws IOException {
        try (var folder = new OpenFolder();
                ApplicationLog log =
                        new PostgresProvider().log(Connection.to(cluster.address()), ReceivingTest.OUTSIDE)) {
            var archive = new FolderArchive(folder.resolve("archive"));
            assertThat(log.address()).startsWith("postgresql://127.0.0.1");
            String segment =
                    cluster.ask("SELECT pg_walfile_name(pg_switch_wal())").getFirst();
            Path wal = cluster.data().resolve("pg_wal");
            Path backup = Files.writeString(folder.folder("pg_wal").resolve(segment + ".00000028.backup"), "START");
            Files.copy(wal.resolve(segment), folder.resolve("pg_wal").resolve(segment));
            archive.store(List.of(
                    log.handedOver(wal.resolve(segment), TestCluster.soon()),
                    // Its folder does not tell the cluster, so the server is asked.
                    log.handedOver(backup, TestCluster.soon())));

            String found = log.find(segment, wal.resolve("RECOVERYXLOG"), archive.entries());
            assertThat(found).endsWith(segment).isIn(archive.names());
            assertThat(log.find(segment, folder.resolve("elsewhere"), archive.entries()))
                    .isEqualTo(found);
            assertThat(log.find(segment, wal.resolve("RECOVERYXLOG"), List.of()))
                    .isNull();
            assertThat(log.find("nonsense", wal, archive.entries())).isNull();
            assertThat(archive.entries().getLast().facts()).containsKey(WalScan.SIZE);
            assertThat(log.expendable(List.of(), archive.entries())).isEmpty();

            Files.copy(
                    archive.file(java.util.Objects.requireNonNull(found)),
                    folder.resolve("pg_wal").resolve("00000002" + segment.substring(8)));
            Files.writeString(folder.resolve("pg_wal").resolve("00000002.history"), "1\t0/3000000\tone\n");
            archive.store(List.of(log.handedOver(
                    folder.resolve("pg_wal").resolve("00000002" + segment.substring(8)), TestCluster.soon())));
            Files.writeString(folder.resolve("pg_wal").resolve("00000002.history"), "1\t0/3000000\tanother\n");
            archive.store(List.of(log.handedOver(
                    folder.resolve("pg_wal").resolve("00000002" + segment.substring(8)), TestCluster.soon())));
            assertThatThrownBy(() ->
                            log.find("00000002" + segment.substring(8), folder.resolve("elsewhere"), archive.entries()))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            twice -> assertThat(twice.code()).isEqualTo(ErrorCode.APPLICATION_LOG_CONFLICT));
        }
    }

    @Test
    void aFileThatIsNoSegmentIsNone() throws IOException {
        try (var folder = new OpenFolder()) {
            Path file = Files.write(folder.resolve("000000010000000000000001"), new byte[8192]);
            assertThatThrownBy(() -> WalScan.of(file)).hasMessageContaining("no segment");
            assertThatThrownBy(() -> WalScan.of(folder.resolve("absent"))).hasMessageContaining("cannot be read");
        }
    }
}
