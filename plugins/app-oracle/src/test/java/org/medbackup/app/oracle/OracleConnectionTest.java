package org.medbackup.app.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.app.oracle.fake.Fault;
import org.medbackup.core.Deadline;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.ConnectionOption;

@Timeout(180)
class OracleConnectionTest {

    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void theProviderSaysItsKindAndItsOptions() {
        ApplicationProvider provider = new OracleProvider();

        assertThat(provider.kinds()).containsExactly("oracle");
        assertThat(provider.options()).extracting(ConnectionOption::name).contains("mode", "oracleHome", "password");
        assertThat(provider.options()).filteredOn(ConnectionOption::required).hasSize(1);
        assertThat(provider.options()).filteredOn(ConnectionOption::secret).hasSize(1);
    }

    @Test
    void withoutADriverItIsSaidWhereToPutOne() {
        var options = new TreeMap<>(Map.of(Settings.FOLDER, "/backups", Settings.HOME, "/opt/oracle"));
        var connection = new Connection(URI.create("oracle://u:wr%6fng@nowhere.example/ORCL"), options, Map.of());
        try (Application application = new OracleProvider().open(connection, Outside.system())) {
            assertThatThrownBy(() -> application.discover(Deadline.after(TimeSource.system(), Duration.ofSeconds(5))))
                    .isInstanceOfSatisfying(BackupException.class, failure -> {
                        assertThat(failure.code()).isEqualTo(ErrorCode.APPLICATION_PROGRAM_MISSING);
                        assertThat(failure.describe())
                                .contains("ojdbc17.jar", "MEDBACKUP_PLUGINS")
                                .doesNotContain("wrong");
                    });
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1013, BUDGET_EXCEEDED",
        "257, NO_SPACE",
        "1123, APPLICATION_NOT_READY",
        "942, APPLICATION_NOT_READY",
        "1578, RESTORED_APPLICATION_INVALID",
        "3113, APPLICATION_UNREACHABLE",
        "12514, APPLICATION_UNREACHABLE",
        "600, APPLICATION_FAILED"
    })
    void failuresAreToldApartByTheirNumber(int number, ErrorCode code) {
        stage.database.next("SELECT dbid", new Fault.Fails(number));

        assertThatThrownBy(() -> stage.application().discover(stage.soon()))
                .isInstanceOfSatisfying(BackupException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(code);
                    assertThat(failure.context()).containsEntry("number", Integer.toString(number));
                    assertThat(failure.describe()).doesNotContain("told to nobody");
                });
    }

    @Test
    void whatADriverSaysWithoutANumberIsToldByItsKind() {
        assertThat(Failures.of("x", new java.sql.SQLTimeoutException("late")).code())
                .isEqualTo(ErrorCode.BUDGET_EXCEEDED);
        assertThat(Failures.of("x", new java.sql.SQLRecoverableException("gone"))
                        .code())
                .isEqualTo(ErrorCode.APPLICATION_UNREACHABLE);
        assertThat(Failures.of("x", new java.sql.SQLException("gone", "08006")).code())
                .isEqualTo(ErrorCode.APPLICATION_UNREACHABLE);
        assertThat(Failures.of("x", new java.sql.SQLException("odd", "99999")).code())
                .isEqualTo(ErrorCode.APPLICATION_FAILED);
    }

    @Test
    void aPasswordThatIsWrongIsNoCaseForAnotherTry() {
        stage.database.next("CONNECT", new Fault.Fails(1017));
        stage.database.next("CONNECT", new Fault.Fails(1017));
        Scenario.fails(
                ErrorCode.APPLICATION_NOT_READY, () -> stage.application().discover(stage.soon()));
        stage.database.next("CONNECT", new Fault.Fails(12541));
        Scenario.fails(
                ErrorCode.APPLICATION_UNREACHABLE, () -> stage.application().discover(stage.soon()));
    }

    @Test
    void aDeadlineThatHasPassedAsksNothing() {
        Scenario.fails(
                ErrorCode.BUDGET_EXCEEDED,
                () -> stage.application().discover(Deadline.after(stage.time, Duration.ZERO)));
        assertThat(stage.database.statements()).isEmpty();
    }

    @Test
    void phasesInAnotherOrderAreAMistakeOfTheCaller() {
        Application application = stage.application(Stage.BACKUP_MODE);

        assertThatThrownBy(() -> application.check(stage.soon())).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> application.freeze(stage.soon())).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> application.copy(stage.copy())).isInstanceOf(IllegalStateException.class);
        application.discover(stage.soon());
        application.prepare("run-7", stage.soon());
        assertThatThrownBy(() -> application.copy(stage.copy())).isInstanceOf(IllegalStateException.class);
        application.thaw(stage.soon());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mongodb://127.0.0.1",
                "oracle:nohost",
                "oracle://h/",
                "oracle://h",
                "oracle://h/two words",
                "oracle://h/a/b",
                "oracle://a,b/s",
                "oracle://h:99999/s",
                "oracle://h:0/s",
                "oracle://o%27x@h/s",
                "oracle://h/s?password=1",
                "oracle://h/s?tls",
                "oracle://h/s?instance=a%20b"
            })
    void anAddressThatCannotBeOneIsRefused(String address) {
        Scenario.fails(
                ErrorCode.APPLICATION_URL_MALFORMED,
                () -> OracleAddress.parse(URI.create(address.replace(" ", "%20"))));
    }

    @Test
    void anAddressIsShownWithoutAccount() {
        OracleAddress address =
                OracleAddress.parse(URI.create("oracle://u:p%40ss@h/ORCL?tls=true&instance=ORCL1&wallet=/w"));

        assertThat(address.toString()).isEqualTo("oracle://h:1521/ORCL");
        assertThat(address.jdbc()).isEqualTo("jdbc:oracle:thin:@tcps://h:1521/ORCL/ORCL1");
        assertThat(address.options()).containsEntry("wallet", "/w");
        assertThat(OracleAddress.parse(URI.create("oracle://[::1]:1/x")).jdbc())
                .isEqualTo("jdbc:oracle:thin:@//[::1]:1/x");
    }

    @ParameterizedTest
    @CsvSource({
        "mode, fast",
        "kind, partial",
        "folder, relative",
        "folder, ''",
        "folder, /it's",
        "oracleHome, ''",
        "oracleSid, a b",
        "sandbox, relative",
        "channels, 0",
        "channels, many",
        "silenceMinutes, 20000"
    })
    void anOptionThatCannotBeOneIsRefused(String option, String value) {
        Scenario.fails(ErrorCode.USAGE, () -> stage.application(option, value));
    }

    @Test
    void aSnapshotHasNoKindsAndNeedsNoPrograms() {
        Scenario.fails(ErrorCode.USAGE, () -> stage.application(Settings.MODE, "backup-mode", Settings.KIND, "log"));
        stage.application(Settings.MODE, "backup-mode", Settings.HOME, "");
        Settings settings = Settings.of(stage.connection(Settings.MODE, "backup-mode", Settings.HOME, ""));
        assertThatThrownBy(settings::programs).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void textsAndPathsAreQuoted() {
        assertThat(Sql.text("a'; DROP TABLE x --")).isEqualTo("'a''; DROP TABLE x --'");
        assertThat(Sql.path("/a b/c")).isEqualTo("'/a b/c'");
        Scenario.fails(ErrorCode.USAGE, () -> Sql.path("/a\nDROP"));
    }

    @Test
    void rmanComesByTheOperatingSystemWhereAnInstanceIsNamed() {
        var run = stage.back(stage.application(Settings.SID, "ORCL1", Settings.CHANNELS, "3"), "run-7", stage.copy());

        assertThat(run.consistency().evidence()).containsEntry("level", "0");
        assertThat(stage.home.calls()).allMatch(each -> each.startsWith("rman ORCL1"));
        assertThat(stage.home.scripts().getFirst())
                .contains("ALLOCATE CHANNEL mb3 DEVICE TYPE DISK")
                .doesNotContain("canary");
    }

    @Test
    void aPasswordThatRmanCannotTakeIsRefusedBeforeItIsTried() {
        for (String odd : List.of("a\"b", "a'b", "a\nb")) {
            try (Secret secret = Secret.ofText(odd)) {
                var source = new DriverSource(OracleAddress.parse(URI.create("oracle://u@h/s")), secret);
                Scenario.fails(ErrorCode.USAGE, () -> script(source));
            }
        }
        var wallet = new DriverSource(OracleAddress.parse(URI.create("oracle://h/s")), null);
        assertThat(script(wallet).connection()).isEqualTo("CONNECT TARGET '/@//h:1521/s AS SYSBACKUP'\n");
        assertThat(script(wallet).toString()).isEqualTo("RmanScript[T]");
    }

    private RmanScript script(DriverSource source) {
        return RmanScript.of(source, Settings.of(stage.connection()), new Names(Path.of("/f"), "T"));
    }

    @Test
    void aLogThatIsMissingBetweenTwoOthersIsAGap() {
        var logs = new Logs(List.of(
                new Logs.Log(1, 7, 100, 200, "a"),
                new Logs.Log(1, 7, 100, 200, "the same elsewhere"),
                new Logs.Log(1, 9, 300, 400, "c")));

        assertThat(logs.all()).hasSize(2);
        assertThat(logs.evidence()).containsEntry("thread.1.first", "7").containsEntry("thread.1.last", "9");
        Scenario.fails(ErrorCode.APPLICATION_LOG_GAP, () -> logs.require(List.of(1), 150, 350));
        Scenario.fails(ErrorCode.APPLICATION_LOG_GAP, () -> logs.require(List.of(2), 150, 350));
    }

    @Test
    void aSandboxOfAContainerIsOneToo() {
        var sandbox = new RecoveryScript.Sandbox(each -> each, Path.of("/scratch"), "12");

        assertThat(RecoveryScript.parameters(Map.of("multitenant", "true"), sandbox, "MB1"))
                .contains("enable_pluggable_database=TRUE");
        assertThat(RecoveryScript.parameters(Map.of(), sandbox, "MB1")).doesNotContain("pluggable");
        assertThat(RecoveryScript.endangers(Map.of("data.1", "+DATA/X/users"), each -> "/r" + each))
                .isTrue();
    }
}
