package org.medbackup.app.sqlserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.app.sqlserver.fake.Fault;
import org.medbackup.core.Deadline;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.ApplicationRecovery.RestoredFiles;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.ConnectionOption;
import org.medbackup.core.spi.app.RecoveryTarget;

@Timeout(60)
class SqlServerConnectionTest {

    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    private static Deadline seconds(int seconds) {
        return Deadline.after(TimeSource.system(), Duration.ofSeconds(seconds));
    }

    private static int closedPort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void theProviderSaysItsKindAndItsOptions() {
        ApplicationProvider provider = new SqlServerProvider();

        assertThat(provider.kinds()).containsExactly("sqlserver");
        assertThat(provider.options()).extracting(ConnectionOption::name).contains("mode", "folder", "password");
        assertThat(provider.options()).filteredOn(ConnectionOption::secret).hasSize(2);
    }

    @Test
    void theRealDriverTellsThatNobodyAnswers() throws Exception {
        var options = new TreeMap<>(Map.of(Settings.FOLDER, "/backups"));
        var address = URI.create("sqlserver://sa:wr%6fng@127.0.0.1:" + closedPort() + "/?encrypt=false");
        try (Secret password = Secret.ofText("canary-secret");
                Application application = new SqlServerProvider()
                        .open(
                                new Connection(address, options, Map.of(Settings.PASSWORD, password)),
                                Outside.system())) {
            assertThatThrownBy(() -> application.discover(seconds(5)))
                    .isInstanceOfSatisfying(BackupException.class, failure -> {
                        assertThat(failure.code()).isEqualTo(ErrorCode.APPLICATION_UNREACHABLE);
                        assertThat(failure.describe()).doesNotContain("canary-secret", "wrong");
                    });
        }
    }

    @Test
    void theRealDriverTellsThatNoSandboxAnswers() throws Exception {
        Map<String, String> evidence = Map.of(
                "sandbox", "sqlserver://127.0.0.1:" + closedPort(),
                "database.0", "clinic",
                "kind.0", "full",
                "file.0", "/backups/x.bak");
        var recovery = new SqlServerProvider().recovery(Outside.system());

        Scenario.fails(
                ErrorCode.APPLICATION_UNREACHABLE,
                () -> recovery.start(new RestoredFiles(Path.of("/tmp"), evidence, Path.of("/tmp")), seconds(5)));
    }

    @ParameterizedTest
    @CsvSource({
        "3013, APPLICATION_UNREACHABLE",
        "3041, APPLICATION_UNREACHABLE",
        "1205, APPLICATION_UNREACHABLE",
        "983, APPLICATION_UNREACHABLE",
        "3271, APPLICATION_FAILED",
        "1222, BUDGET_EXCEEDED",
        "18456, APPLICATION_NOT_READY",
        "262, APPLICATION_NOT_READY",
        "3257, NO_SPACE",
        "3183, RESTORED_APPLICATION_INVALID",
        "102, APPLICATION_FAILED"
    })
    void failuresAreToldApartByTheNumberThatSaysWhy(int number, ErrorCode code) {
        stage.server.next("SELECT name, recovery", new Fault.Fails(3013, number));

        assertThatThrownBy(() -> stage.application().discover(stage.soon()))
                .isInstanceOfSatisfying(BackupException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(code);
                    assertThat(failure.context()).containsEntry("number", Integer.toString(number));
                    assertThat(failure.describe()).doesNotContain("told to fail");
                });
    }

    @Test
    void aLoginThatIsRefusedIsNoCaseForAnotherTry() {
        stage.server.next("CONNECT", new Fault.Fails(18456));

        Scenario.fails(
                ErrorCode.APPLICATION_NOT_READY, () -> stage.application().discover(stage.soon()));
    }

    @Test
    void aDeadlineThatHasPassedAsksNothing() {
        Scenario.fails(
                ErrorCode.BUDGET_EXCEEDED,
                () -> stage.application().discover(Deadline.after(stage.time, Duration.ZERO)));
        assertThat(stage.server.statements()).isEmpty();
    }

    @Test
    void phasesInAnotherOrderAreAMistakeOfTheCaller() {
        Application application = stage.application(Settings.MODE, "snapshot");

        assertThatThrownBy(() -> application.check(stage.soon())).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> application.freeze(stage.soon())).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> application.copy(stage.copy())).isInstanceOf(IllegalStateException.class);
        application.discover(stage.soon());
        application.prepare("run-7", stage.soon());
        assertThatThrownBy(() -> application.copy(stage.copy())).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mongodb://127.0.0.1",
                "sqlserver:nohost",
                "sqlserver://a,b/",
                "sqlserver://h:99999/",
                "sqlserver://h:0/",
                "sqlserver://h/database",
                "sqlserver://h/?password=1",
                "sqlserver://h/?encrypt"
            })
    void anAddressThatCannotBeOneIsRefused(String address) {
        Scenario.fails(ErrorCode.APPLICATION_URL_MALFORMED, () -> SqlServerAddress.parse(URI.create(address)));
    }

    @Test
    void anAddressIsShownWithoutAccount() {
        SqlServerAddress address = SqlServerAddress.parse(URI.create("sqlserver://u:p%40ss@h/?encrypt=strict"));

        assertThat(address.toString()).isEqualTo("sqlserver://h:1433");
        assertThat(address.jdbc()).isEqualTo("jdbc:sqlserver://h:1433");
        assertThat(address.options()).containsEntry("encrypt", "strict");
    }

    @ParameterizedTest
    @CsvSource({
        "mode, fast",
        "kind, partial",
        "kind, log",
        "folder, relative",
        "folder, ''",
        "url, https://x",
    })
    void anOptionThatCannotBeOneIsRefused(String option, String value) {
        Scenario.fails(ErrorCode.USAGE, () -> stage.application(option, value));
    }

    @Test
    void aServerIsSuspendedAsAWholeOrInParts() {
        Scenario.fails(
                ErrorCode.USAGE, () -> stage.application(Settings.SCOPE, "server", Settings.DATABASES, "clinic"));
    }

    @Test
    void namesAndTextsCannotLeaveTheirQuotes() {
        assertThat(Sql.name("a]; DROP DATABASE x --")).isEqualTo("[a]]; DROP DATABASE x --]");
        assertThat(Sql.text("a'; DROP DATABASE x --")).isEqualTo("N'a''; DROP DATABASE x --'");
    }

    @Test
    void anObjectStoreWithoutCredentialAndKeyIsNotReady() {
        var connection = new Connection(
                URI.create("sqlserver://backup@127.0.0.1/"), new TreeMap<>(Map.of(Settings.URL, Stage.URL)), Map.of());
        var application = new SqlServerApplication(
                "sqlserver://x", stage.server, Settings.of(connection), null, Outside.system());

        application.discover(stage.soon());
        Scenario.fails(ErrorCode.APPLICATION_NOT_READY, () -> application.prepare("run-7", stage.soon()));
        application.close();
        assertThatThrownBy(() -> application.freeze(stage.soon())).isInstanceOf(IllegalStateException.class);
        application.thaw(stage.soon());
    }

    @Test
    void whatASandboxCannotBringUpIsToldBeforeItIsTried() {
        Map<String, String> whole = Map.of(
                "sandbox", "sqlserver://h",
                "database.0", "clinic",
                "kind.0", "log",
                "file.0", "/backups/x.trn");

        Scenario.fails(ErrorCode.RESTORED_APPLICATION_INVALID, () -> stage.recover(stage.copy(), whole));
        Scenario.fails(
                ErrorCode.RESTORED_APPLICATION_INVALID,
                () -> stage.recover(stage.copy(), Map.of("sandbox", "sqlserver://h")));
        Scenario.fails(
                ErrorCode.APPLICATION_PROGRAM_MISSING, () -> stage.recover(stage.copy(), Map.of("database.0", "x")));
        var later = new RestoredFiles(
                Path.of("/tmp"), whole, Path.of("/tmp"), new RecoveryTarget.AtTime(Instant.EPOCH), null, Map.of());
        Scenario.fails(
                ErrorCode.USAGE,
                () -> new SqlServerProvider().recovery(Outside.system()).start(later, stage.soon()));
        assertThat(stage.sandbox.statements()).isEmpty();
    }

    @Test
    void aCheckThatFailsBecauseOfDamageIsAFinding() {
        var copy = stage.copy();
        var run = stage.back(stage.application(Settings.DATABASES, "clinic"), "run-7", copy);
        try (var recovered = stage.recover(copy, Stage.evidence(run))) {
            stage.sandbox.next("DBCC CHECKDB", new Fault.Fails(824));
            assertThat(recovered.verify(stage.soon()))
                    .filteredOn(each -> !each.ok())
                    .hasSize(1);
            stage.sandbox.next("DBCC CHECKDB", new Fault.Fails(1205));
            Scenario.fails(ErrorCode.APPLICATION_UNREACHABLE, () -> recovered.verify(stage.soon()));
            stage.sandbox.next("DROP DATABASE", new Fault.DropBefore());
        }
    }
}
