package org.medbackup.app.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.medbackup.apps.ApplicationRun;
import org.medbackup.apps.ConsistentBackup;
import org.medbackup.apps.FreezeWitness;
import org.medbackup.apps.GroupBackup;
import org.medbackup.apps.GroupBackup.Member;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.core.spi.app.CopySink;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots;
import org.medbackup.linux.snapshot.LinuxSnapshots;
import org.medbackup.testkit.LoopDisk;

/** A server whose files are copied from a snapshot of a real Btrfs. */
@Timeout(180)
class SnapshotModeTest {

    private static OpenFolder folder;
    private static LoopDisk disk;
    private static TestCluster north;
    private static Outside outside;

    @BeforeAll
    static void start() {
        folder = new OpenFolder();
        disk = LoopDisk.mounted(folder.resolve("disk"), "btrfs", 700);
        outside = new Outside(
                new HastyTime(), Processes.system(), LinuxSnapshots.of(Processes.system(), folder.folder("snapshots")));
        north = cluster();
    }

    private static TestCluster cluster() {
        return new TestCluster(TestServers.bundled(), Map.of(), new OpenFolder(disk.place()));
    }

    @AfterAll
    static void stop() {
        north.close();
        disk.close();
        folder.close();
    }

    private static Application application(TestCluster cluster) {
        return new PostgresProvider()
                .open(
                        org.medbackup.core.spi.app.Connection.to(cluster.address())
                                .with("snapshot", "true"),
                        outside);
    }

    private static String address(TestCluster cluster) {
        try (Application application = application(cluster)) {
            return application.address();
        }
    }

    private static Path scratch(String name) {
        return folder.folder(name);
    }

    @Test
    void theBackupIsOfItsMarkAndNotOfTheEndOfItsCopy() throws SQLException {
        Path restored = scratch("alone");
        ApplicationRun run;
        try (Application application = application(north)) {
            assertThat(application.copiesItsMark()).isTrue();
            run = ConsistentBackup.of(TimeSource.system(), OperationLog.silent())
                    .run(application, "alone", new FolderSink(restored).before(path -> {
                                if (path.endsWith("/PG_VERSION")) {
                                    north.run("CREATE TABLE IF NOT EXISTS later (id int)", "CHECKPOINT");
                                }
                            }));
        }

        assertThat(run.consistency().level()).isEqualTo(ConsistencyLevel.APPLICATION_CONSISTENT);
        assertThat(run.frozen()).isZero();
        assertThat(north.ask("SELECT to_regclass('later')")).containsExactly("later");
        try (Recovered recovered = BackupCase.recover(restored, BackupCase.evidence(run), scratch("alone-scratch"));
                Connection connection = BackupCase.connect(recovered)) {
            assertThat(TestCluster.ask(connection, "SELECT to_regclass('later')"))
                    .containsExactly("null");
            assertThat(recovered.verify(TestCluster.soon())).isNotEmpty().allMatch(Readiness::ok);
        }
        assertThat(outside.snapshots()
                        .removeLeftovers(
                                List.of(north.data()), FileSystemSnapshots.key(address(north)), TestCluster.soon()))
                .isZero();
    }

    @Test
    void whereTheDataCannotBeSnapshotTheServerIsNotReady() {
        try (TestCluster plain = TestCluster.bundled();
                Application application = application(plain)) {
            application.discover(TestCluster.soon());

            assertThat(application.check(TestCluster.soon()))
                    .filteredOn(check -> !check.ok())
                    .singleElement()
                    .satisfies(check -> {
                        assertThat(check.name()).isEqualTo("snapshot");
                        assertThat(check.remedy()).contains("Btrfs");
                    });
        }
    }

    private static Member member(String name, Application application, CopySink sink) {
        return new Member(name, application, sink, FreezeWitness.none(), Duration.ZERO);
    }

    @Test
    void aMemberWhoseCopyIsOfItsOwnEndIsRefusedInAGroup() {
        try (Application online = north.application()) {
            var group = new GroupBackup(ConsistentBackup.of(TimeSource.system(), OperationLog.silent()));
            assertThatThrownBy(() ->
                            group.run("group", List.of(member("north", online, new FolderSink(scratch("refused"))))))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.GROUP_MEMBER_LATER));
        }
    }
}
