package org.medbackup.app.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.medbackup.apps.ApplicationRun;
import org.medbackup.apps.ConsistentBackup;
import org.medbackup.apps.FreezeWitness;
import org.medbackup.apps.GroupBackup;
import org.medbackup.apps.GroupBackup.Member;
import org.medbackup.apps.GroupRun;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.event.Outcome;
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

/** Servers whose files are copied from a snapshot of a real Btrfs, and groups of them. */
@Timeout(180)
class SnapshotModeTest {

    private static OpenFolder folder;
    private static LoopDisk disk;
    private static TestCluster north;
    private static TestCluster south;
    private static Outside outside;

    @BeforeAll
    static void start() {
        folder = new OpenFolder();
        disk = LoopDisk.mounted(folder.resolve("disk"), "btrfs", 700);
        outside = new Outside(
                new HastyTime(), Processes.system(), LinuxSnapshots.of(Processes.system(), folder.folder("snapshots")));
        north = cluster();
        south = cluster();
    }

    private static TestCluster cluster() {
        var cluster = new TestCluster(TestServers.bundled(), Map.of(), new OpenFolder(disk.place()));
        cluster.run("CREATE TABLE purse (amount bigint NOT NULL)", "INSERT INTO purse VALUES (0)");
        return cluster;
    }

    @AfterAll
    static void stop() {
        north.close();
        south.close();
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

    private static long purse(Connection connection) {
        return Long.parseLong(
                TestCluster.ask(connection, "SELECT amount FROM purse").getFirst());
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

    /** What money is moved by, one transfer at a time, from one server to the other; frozen, it finishes the one it is at. */
    private static final class FrontEnd implements Application {

        private final AtomicLong moved = new AtomicLong();
        private final Thread mover = new Thread(this::move);
        private volatile boolean over;
        private boolean held;

        FrontEnd begin() {
            mover.start();
            TestCluster.until(() -> moved.get() > 20);
            return this;
        }

        private void move() {
            try (Connection from = north.connect();
                    Connection to = south.connect()) {
                while (!over) {
                    synchronized (this) {
                        if (!held) {
                            from.createStatement().execute("UPDATE purse SET amount = amount - 1");
                            to.createStatement().execute("UPDATE purse SET amount = amount + 1");
                            moved.incrementAndGet();
                        }
                    }
                }
            } catch (SQLException failed) {
                throw new AssertionError(failed);
            }
        }

        @Override
        public String address() {
            return "front://end";
        }

        @Override
        public Discovery discover(Deadline deadline) {
            return new Discovery("1", "front", Map.of());
        }

        @Override
        public List<Readiness> check(Deadline deadline) {
            return List.of(new Readiness("moves", true, "moves", ""));
        }

        @Override
        public void prepare(String run, Deadline deadline) {}

        @Override
        public boolean freezes() {
            return true;
        }

        @Override
        public synchronized void freeze(Deadline deadline) {
            held = true;
        }

        @Override
        public synchronized void mark(Deadline deadline) {
            if (!held) {
                throw ErrorCode.FREEZE_LOST.because("it moves");
            }
        }

        @Override
        public synchronized void thaw(Deadline deadline) {
            held = false;
        }

        @Override
        public void copy(CopySink sink) {}

        @Override
        public Consistency verify(Deadline deadline) {
            return new Consistency(ConsistencyLevel.APPLICATION_CONSISTENT, "held", Duration.ZERO, Map.of("a", "b"));
        }

        @Override
        public void after(Outcome outcome, Deadline deadline) {}

        @Override
        public void close() {
            over = true;
            try {
                mover.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Member member(String name, Application application, CopySink sink) {
        return new Member(name, application, sink, FreezeWitness.none(), Duration.ZERO);
    }

    @Test
    void inAGroupNoTransferBetweenTwoServersIsHalfThere() throws SQLException {
        Path northern = scratch("north");
        Path southern = scratch("south");
        GroupRun run;
        long before;
        try (FrontEnd front = new FrontEnd().begin();
                Application first = application(north);
                Application second = application(south)) {
            before = front.moved.get();
            run = new GroupBackup(ConsistentBackup.of(TimeSource.system(), OperationLog.silent()))
                    .run(
                            "group",
                            List.of(
                                    member("front", front, new FolderSink(scratch("front"))),
                                    member("north", first, new FolderSink(northern)),
                                    member("south", second, new FolderSink(southern))));
            TestCluster.until(() -> front.moved.get() > before + 20);
        }

        assertThat(run.skew()).isPositive().isLessThan(Duration.ofSeconds(20));
        long out = inside(run, "north", northern);
        long in = inside(run, "south", southern);
        assertThat(out).isNegative();
        assertThat(out + in).isZero();
    }

    private static long inside(GroupRun group, String member, Path restored) throws SQLException {
        ApplicationRun run = Objects.requireNonNull(group.members().get(member));
        try (Recovered recovered = BackupCase.recover(
                        restored, BackupCase.evidence(run), scratch(restored.getFileName() + "-scratch"));
                Connection connection = BackupCase.connect(recovered)) {
            return purse(connection);
        }
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
