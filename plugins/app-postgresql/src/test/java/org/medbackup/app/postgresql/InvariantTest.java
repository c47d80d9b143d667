package org.medbackup.app.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.medbackup.apps.ApplicationRun;
import org.medbackup.apps.ConsistentBackup;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;
import org.medbackup.core.spi.app.Connection;

/** What the owner of a database says must be true goes with the restore point and is asked of what was restored. */
@Timeout(120)
class InvariantTest {

    @Test
    void aCopyWithoutLabelAndLogIsRefused() throws IOException {
        try (OpenFolder folder = new OpenFolder();
                TestCluster cluster = TestCluster.bundled()) {
            Map<String, String> careless =
                    BackupCase.evidence(BackupCase.back(cluster, new FolderSink(folder.folder("to"))));
            careless.remove("label_sha256");
            Path data = folder.resolve("to").resolve(cluster.data().toString().substring(1));
            Files.delete(data.resolve("backup_label"));
            try (Stream<Path> log = Files.list(data.resolve("pg_wal"))) {
                for (Path segment : log.filter(Files::isRegularFile).toList()) {
                    Files.delete(segment);
                }
            }

            assertThatThrownBy(() -> BackupCase.recover(folder.resolve("to"), careless, folder.resolve("scratch")))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.RESTORED_APPLICATION_INVALID));
        }
    }

    @Test
    void aRestoredDatabaseIsHeldAgainstItsInvariants() {
        try (OpenFolder folder = new OpenFolder();
                TestCluster cluster = TestCluster.bundled()) {
            Bank.open(cluster);
            Bank.transfers(cluster, 20, 1);
            String invariant = Bank.INVARIANT + "SELECT count(*) > 1000000 FROM account\n\nSELECT nonsense\n"
                    + "DELETE FROM account RETURNING true\n";
            Connection connection = Connection.to(cluster.address()).with("invariant", invariant);
            ApplicationRun run;
            try (Application application = new PostgresProvider().open(connection, TestCluster.OUTSIDE)) {
                run = ConsistentBackup.of(TimeSource.system(), OperationLog.silent())
                        .run(application, "invariant", new FolderSink(folder.folder("to")));
            }

            Map<String, String> evidence = BackupCase.evidence(run);
            try (Recovered recovered = BackupCase.recover(folder.resolve("to"), evidence, folder.resolve("scratch"))) {
                assertThat(recovered.verify(TestCluster.soon()))
                        .filteredOn(check -> check.name().startsWith("invariant_"))
                        .extracting(check -> check.name() + " " + check.ok())
                        .containsExactly(
                                "invariant_1 true",
                                "invariant_2 true",
                                "invariant_3 false",
                                "invariant_4 false",
                                "invariant_5 false");
            }
        }
    }
}
