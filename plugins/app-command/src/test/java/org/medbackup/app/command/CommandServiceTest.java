package org.medbackup.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.apps.ConsistentBackup;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.core.spi.app.FolderRecovery;
import org.medbackup.testkit.FakePrograms;
import org.medbackup.testkit.ReadCopies;

/** Services that are frozen and thawed by commands of their own. */
class CommandServiceTest {

    @TempDir
    Path temp;

    private FakePrograms programs;
    private Connection connection;

    @BeforeEach
    void makeCommands() throws IOException {
        programs = new FakePrograms(temp.resolve("bin"));
        Path flag = temp.resolve("frozen");
        Path folder = Files.createDirectories(temp.resolve("data"));
        Files.writeString(folder.resolve("f"), "text");
        connection = Connection.to(URI.create("command://archive"))
                .with("folders", folder.toString())
                .with("snapshotBy", "mark")
                .with("freeze", script("freeze", "env >" + temp + "/env; echo x >" + flag + "; exit 7"))
                .with("freezeSuccess", "7, 8")
                .with("thaw", script("thaw", "rm -f " + flag))
                .with("status", script("status", "[ -f " + flag + " ]"));
    }

    private String script(String name, String body) {
        return programs.script(name, body + "\n").toString();
    }

    private Application open() {
        return new CommandProvider().open(connection, new Outside(TimeSource.system(), programs));
    }

    private static Deadline soon() {
        return Deadline.after(TimeSource.system(), Duration.ofSeconds(20));
    }

    private ConsistencyLevel backedUp() {
        try (Application application = open()) {
            return ConsistentBackup.of(TimeSource.system(), OperationLog.silent())
                    .run(application, "run-1", new ReadCopies())
                    .consistency()
                    .level();
        }
    }

    private static void assertFails(Runnable call, ErrorCode code) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }

    @Test
    void eachCommandHasExitCodesOfItsOwnAndAnEnvironmentThatIsFixed() throws IOException {
        assertThat(backedUp()).isEqualTo(ConsistencyLevel.APPLICATION_CONSISTENT);
        assertThat(temp.resolve("frozen")).doesNotExist();
        assertThat(Files.readAllLines(temp.resolve("env")))
                .contains("MEDBACKUP_APPLICATION=command://archive", "MEDBACKUP_PHASE=freeze", "MEDBACKUP_RUN=run-1")
                .allMatch(line -> line.matches("(MEDBACKUP_[A-Z_]+|PATH|LC_ALL|PWD|SHLVL|_|OLDPWD)=.*"));
    }

    @Test
    void aCodeThatMeansNoSuccessEndsTheBackupAndItIsThawed() {
        connection = connection.with("freezeSuccess", "0");
        assertFails(this::backedUp, ErrorCode.APPLICATION_FAILED);
        assertThat(temp.resolve("frozen")).doesNotExist();
    }

    @Test
    void withoutAStatusNobodyKnowsWhetherItStayedFrozen() {
        connection = connection.with("status", "");
        assertThat(backedUp()).isEqualTo(ConsistencyLevel.CRASH_CONSISTENT);
    }

    @Test
    void aServiceWithoutAFreezeIsNeverFrozen() {
        connection = connection.with("freeze", "").with("thaw", "");
        assertThat(backedUp()).isEqualTo(ConsistencyLevel.CRASH_CONSISTENT);
    }

    @Test
    void aStatusThatMeansNeitherStopsTheBackupButNeverAThaw() throws IOException {
        connection = connection.with("status", script("odd", "exit 9"));
        Files.writeString(temp.resolve("frozen"), "x");
        try (Application application = open()) {
            assertFails(() -> application.prepare("run-1", soon()), ErrorCode.APPLICATION_FAILED);
            assertFails(() -> application.thaw(soon()), ErrorCode.APPLICATION_FAILED);
        }
        assertThat(temp.resolve("frozen")).doesNotExist();
    }

    @Test
    void aThawThatDidNothingIsNotBelieved() throws IOException {
        connection = connection.with("thaw", script("idle", "exit 0"));
        Files.writeString(temp.resolve("frozen"), "x");
        try (Application application = open()) {
            assertFails(() -> application.thaw(soon()), ErrorCode.APPLICATION_FAILED);
        }
    }

    @Test
    void aCommandIsEndedAtItsTimeout() {
        connection = connection.with("status", script("slow", "exec sleep 30")).with("statusTimeout", "1");
        try (Application application = open()) {
            assertFails(() -> application.prepare("run-1", soon()), ErrorCode.BUDGET_EXCEEDED);
        }
    }

    @Test
    void aCommandThatPrintsWithoutEndIsNotWaitedForAndItsPositionIsShort() {
        connection = connection.with(
                "mark", script("loud", "head -c 300000 /dev/zero | tr '\\\\0' x; head -c 300000 /dev/zero >&2"));
        try (Application application = open()) {
            application.prepare("run-1", soon());
            application.freeze(soon());
            application.mark(soon());
            application.thaw(soon());
            assertThat(application.verify(soon()).position()).hasSize(200);
        }
    }

    @Test
    void commandsRunAsTheAccountThatIsGiven() {
        programs.script("runuser", "shift 3; exec \"$@\"\n");
        connection = connection.with("account", "archive");
        backedUp();
        programs.assertCalled("runuser", "-u archive -- ");
    }

    @Test
    void aProgramThatOthersCanChangeOrThatIsNotThereIsFoundBefore() throws IOException {
        Path open = Path.of(script("open", "exit 0"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        for (String wrong : List.of(open.toString(), "relative", temp + "/nothing")) {
            connection = connection.with("finish", wrong);
            try (Application application = open()) {
                assertThat(application.check(soon()))
                        .filteredOn(check -> !check.ok())
                        .singleElement()
                        .satisfies(check -> assertThat(check.name()).isEqualTo("programs"));
            }
        }
    }

    @Test
    void argumentsAreWordsOrLinesAndNeverAShell() {
        assertThat(Call.words("/bin/a  -x \"b c\" \"\" $HOME")).containsExactly("/bin/a", "-x", "b c", "", "$HOME");
        assertThat(Call.words("/bin/a\n b c \n;rm")).containsExactly("/bin/a", "b c", ";rm");
    }

    @Test
    void whatCannotBeMeantIsRefusedAtOnce() {
        for (String wrong : List.of("command:///x", "command://a/b", "command://a?b", "command://user@a")) {
            Connection other = Connection.to(URI.create(wrong)).with("folders", "/srv");
            assertFails(() -> new CommandProvider().open(other, Outside.system()), ErrorCode.APPLICATION_URL_MALFORMED);
        }
        Connection plain = Connection.to(URI.create("command://a")).with("folders", "/srv");
        for (Connection wrong : List.of(
                Connection.to(URI.create("command://a")),
                plain.with("folders", "relative"),
                plain.with("preset", "oracle"),
                plain.with("freeze", "/bin/true"),
                plain.with("mark", "/bin/true").with("markSuccess", "five"),
                plain.with("mark", "/bin/true").with("markTimeout", "-1"))) {
            assertFails(() -> new CommandProvider().open(wrong, Outside.system()), ErrorCode.APPLICATION_URL_MALFORMED);
        }
    }

    @Test
    void itIsFoundByItsKindAndRestoresFolders() {
        var provider = new CommandProvider();
        assertThat(provider.kinds()).containsExactly("command");
        assertThat(provider.options()).extracting("name").contains("freeze", "thawSuccess", "statusThawed", "preset");
        assertThat(provider.recovery(Outside.system())).isInstanceOf(FolderRecovery.class);
    }
}
