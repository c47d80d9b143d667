package org.medbackup.app.sqlserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.medbackup.app.sqlserver.fake.Fault;
import org.medbackup.app.sqlserver.fake.Rule;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;
import org.medbackup.testkit.CopiedFolder;

/** What an administrator would see of the connector, one story each; every rule of the fake is needed by one of them. */
@SuppressWarnings("ImmutableEnumChecker") // A story holds nothing of its own.
enum Scenario {
    A_SUSPENSION_MAKES_A_SLOW_SNAPSHOT_CONSISTENT(
            Scenario::aSuspensionMakesASlowSnapshotConsistent,
            Rule.SUSPENSION_BLOCKS_WRITES,
            Rule.METADATA_RESUMES,
            Rule.HISTORY_IS_KEPT,
            Rule.COPY_ONLY_BELONGS_TO_THE_SUSPENSION),
    METADATA_THAT_FAILS_LEAVES_THE_RESUMING_TO_US(
            Scenario::metadataThatFailsLeavesTheResumingToUs, Rule.FAILURE_KEEPS_SUSPENDED),
    A_DEAD_HOLDERS_SUSPENSION_IS_ENDED_BY_THE_WATCHDOG(
            Scenario::aDeadHoldersSuspensionIsEndedByTheWatchdog, Rule.STATUS_LISTS_WHAT_IS_SUSPENDED),
    A_SUSPENSION_THAT_SOMEBODY_ENDED_IS_NOTICED(
            Scenario::aSuspensionThatSomebodyEndedIsNoticed, Rule.METADATA_NEEDS_SUSPENSION),
    ONLY_THE_SESSION_THAT_SUSPENDED_RECORDS(
            Scenario::onlyTheSessionThatSuspendedRecords, Rule.METADATA_NEEDS_THE_SAME_SESSION),
    A_SERVER_IS_RESUMED_AS_A_WHOLE(Scenario::aServerIsResumedAsAWhole, Rule.SERVER_IS_RESUMED_AS_A_WHOLE),
    DATABASES_OF_THE_SYSTEM_ARE_LEFT_OUT(Scenario::databasesOfTheSystemAreLeftOut, Rule.SYSTEM_CANNOT_BE_SUSPENDED),
    A_SUSPENSION_THAT_WAITS_FOR_LOCKS_IS_GIVEN_UP(
            Scenario::aSuspensionThatWaitsForLocksIsGivenUp, Rule.SUSPENSION_WAITS_FOR_LOCKS),
    A_COPY_DISTURBS_NOBODYS_CHAIN(Scenario::aCopyDisturbsNobodysChain, Rule.COPY_ONLY_IS_NO_BASE),
    A_CHAIN_OF_FULL_DIFFERENTIAL_AND_LOG_RESTORES(Scenario::aChainOfFullDifferentialAndLogRestores),
    A_DIFFERENTIAL_WITHOUT_ITS_BASE_IS_REFUSED(
            Scenario::aDifferentialWithoutItsBaseIsRefused, Rule.DIFFERENTIAL_NEEDS_A_BASE),
    A_LOG_WITHOUT_A_FULL_BACKUP_IS_REFUSED(Scenario::aLogWithoutAFullBackupIsRefused, Rule.LOG_NEEDS_A_FULL_BACKUP),
    A_DATABASE_WITHOUT_LOG_IS_REFUSED(Scenario::aDatabaseWithoutLogIsRefused, Rule.SIMPLE_HAS_NO_LOG),
    A_PART_OF_THE_LOG_THAT_SOMEBODY_TOOK_IS_A_GAP(Scenario::aPartOfTheLogThatSomebodyTookIsAGap, Rule.LOG_IS_A_CHAIN),
    A_SECONDARY_GIVES_COPIES_ONLY(Scenario::aSecondaryGivesCopiesOnly, Rule.SECONDARIES_REFUSE),
    A_REPLICA_THAT_IS_NOT_PREFERRED_IS_NOT_READY(
            Scenario::aReplicaThatIsNotPreferredIsNotReady, Rule.GROUPS_PREFER_A_REPLICA),
    A_DAMAGED_BACKUP_IS_FOUND_BEFORE_IT_IS_STORED(
            Scenario::aDamagedBackupIsFoundBeforeItIsStored, Rule.VERIFICATION_FINDS_DAMAGE),
    A_DAMAGED_DATABASE_IS_FOUND_IN_THE_SANDBOX(
            Scenario::aDamagedDatabaseIsFoundInTheSandbox, Rule.CHECKDB_FINDS_DAMAGE),
    AN_ENCRYPTED_DATABASE_NEEDS_ITS_CERTIFICATE(
            Scenario::anEncryptedDatabaseNeedsItsCertificate, Rule.ENCRYPTED_NEEDS_ITS_CERTIFICATE),
    AN_OBJECT_STORE_GETS_ITS_CREDENTIAL(Scenario::anObjectStoreGetsItsCredential, Rule.URL_NEEDS_A_CREDENTIAL);

    private static final String[] SNAPSHOT = {Settings.MODE, "snapshot"};
    private static final String[] CLINIC = {Settings.DATABASES, "clinic"};

    private final Consumer<Stage> story;
    private final Set<Rule> needed;

    Scenario(Consumer<Stage> story, Rule... needed) {
        this.story = story;
        this.needed = Set.of(needed);
    }

    /** Whether it ends otherwise without a rule. */
    boolean needs(Rule rule) {
        return needed.contains(rule);
    }

    /** Plays it on servers that lack some rules. */
    void play(Set<Rule> off) {
        try (var stage = new Stage(off)) {
            story.accept(stage);
        }
    }

    static void fails(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }

    static List<String> missing(Application application, Stage stage) {
        application.discover(stage.soon());
        return application.check(stage.soon()).stream()
                .filter(each -> !each.ok())
                .map(Readiness::name)
                .toList();
    }

    private static String[] owned(String kind) {
        return new String[] {Settings.DATABASES, "clinic", Settings.OWNS_CHAIN, "true", Settings.KIND, kind};
    }

    static void frozen(Application application, Stage stage) {
        application.discover(stage.soon());
        application.prepare("run-7", stage.soon());
        application.freeze(stage.soon());
    }

    private static void aSuspensionMakesASlowSnapshotConsistent(Stage stage) {
        stage.writes("clinic", 5);
        stage.server.other("BACKUP DATABASE [clinic] TO DISK = N'"
                + stage.backups().resolve("other.bak") + "' WITH FORMAT, NAME = N'other'");
        Integer base = stage.server.base("clinic");
        stage.snapshots(false, () -> stage.server.write("clinic"));
        CopiedFolder copy = stage.copy(() -> stage.server.write("clinic"));

        var run = stage.back(stage.application(SNAPSHOT), "run-7", copy);

        try (Recovered recovered = stage.recover(copy, Stage.evidence(run))) {
            var clinic = Objects.requireNonNull(stage.sandbox.restored("medbackup_clinic"));
            assertThat(clinic.isConsistent()).isTrue();
            assertThat(clinic.transfers()).isEqualTo(5);
            assertThat(recovered.verify(stage.soon())).isNotEmpty().allMatch(Readiness::ok);
        }
        assertThat(stage.server.base("clinic")).isEqualTo(base);
        assertThat(stage.server.statements()).noneMatch(each -> each.contains("= OFF"));
        assertThat(stage.server.isSuspended("clinic")).isFalse();
        assertThat(leftInFolder(stage)).containsExactly("other.bak");
    }

    static List<String> leftInFolder(Stage stage) {
        try (Stream<Path> files = Files.list(stage.backups())) {
            return files.map(each -> each.getFileName().toString()).sorted().toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void metadataThatFailsLeavesTheResumingToUs(Stage stage) {
        stage.snapshots(true, () -> {});
        stage.server.next("BACKUP GROUP", new Fault.First(() -> removeFolder(stage)));

        fails(ErrorCode.APPLICATION_NOT_READY, () -> stage.back(stage.application(SNAPSHOT), "run-7", stage.copy()));

        assertThat(stage.server.isSuspended("clinic")).isFalse();
        assertThat(stage.server.count("ALTER SERVER CONFIGURATION SET SUSPEND_FOR_SNAPSHOT_BACKUP = OFF"))
                .isEqualTo(1);
    }

    private static void removeFolder(Stage stage) {
        try {
            Files.delete(stage.backups());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void aDeadHoldersSuspensionIsEndedByTheWatchdog(Stage stage) {
        Application holder = stage.application(SNAPSHOT);
        frozen(holder, stage);
        stage.server.killSessions();
        assertThat(stage.server.write("clinic")).isFalse();

        stage.application(SNAPSHOT).thaw(stage.soon());

        assertThat(stage.server.write("clinic")).isTrue();
        assertThat(stage.server.write("lab]s")).isTrue();
    }

    private static void aSuspensionThatSomebodyEndedIsNoticed(Stage stage) {
        stage.snapshots(true, () -> {});
        stage.server.next(
                "BACKUP GROUP",
                new Fault.First(() -> stage.application(SNAPSHOT).thaw(stage.soon())));

        fails(ErrorCode.FREEZE_LOST, () -> stage.back(stage.application(SNAPSHOT), "run-7", stage.copy()));
    }

    private static void onlyTheSessionThatSuspendedRecords(Stage stage) {
        Application holder = stage.application(SNAPSHOT);
        frozen(holder, stage);
        try (Session another = stage.session()) {
            String sql =
                    "BACKUP GROUP [clinic] TO DISK = N'" + stage.backups().resolve("x.bkm") + "' WITH METADATA_ONLY";

            assertThatThrownBy(() -> another.run("test", stage.soon(), sql)).isInstanceOf(BackupException.class);
        }
        holder.thaw(stage.soon());
    }

    private static void aServerIsResumedAsAWhole(Stage stage) {
        String[] options = {Settings.MODE, "snapshot", Settings.SCOPE, "server"};
        frozen(stage.application(options), stage);
        try (Session another = stage.session()) {
            String sql = "ALTER DATABASE [clinic] SET SUSPEND_FOR_SNAPSHOT_BACKUP = OFF";
            fails(ErrorCode.APPLICATION_FAILED, () -> another.run("test", stage.soon(), sql));
        }

        stage.application(options).thaw(stage.soon());

        assertThat(stage.server.isSuspended("clinic")).isFalse();
    }

    private static void databasesOfTheSystemAreLeftOut(Stage stage) {
        Application application = stage.application(SNAPSHOT);
        frozen(application, stage);
        assertThat(stage.server.isSuspended("msdb")).isFalse();
        application.thaw(stage.soon());
        assertThat(missing(stage.application(Settings.DATABASES, "clinic,msdb"), stage))
                .containsExactly("databases");
        try (Session session = stage.session()) {
            var wrong = new Suspension(List.of("msdb"), Settings.Scope.DATABASE, true);

            fails(ErrorCode.APPLICATION_FAILED, () -> wrong.begin(session, stage.soon()));
        }
    }

    private static void aSuspensionThatWaitsForLocksIsGivenUp(Stage stage) {
        stage.snapshots(true, () -> {});
        stage.server.locked();

        fails(ErrorCode.BUDGET_EXCEEDED, () -> stage.back(stage.application(SNAPSHOT), "run-7", stage.copy()));
        assertThat(stage.server.statements()).contains("SET LOCK_TIMEOUT 5000");
    }

    private static void aCopyDisturbsNobodysChain(Stage stage) {
        stage.server.other("BACKUP DATABASE [clinic] TO DISK = N'"
                + stage.backups().resolve("other.bak") + "' WITH FORMAT, NAME = N'other'");
        stage.writes("clinic", 4);
        CopiedFolder copy = stage.copy();

        var run = stage.back(stage.application(CLINIC), "run-7", copy);

        assertThat(stage.server.base("clinic")).isZero();
        try (Recovered recovered = stage.recover(copy, Stage.evidence(run))) {
            var clinic = Objects.requireNonNull(stage.sandbox.restored("medbackup_clinic"));
            assertThat(clinic.transfers()).isEqualTo(4);
            assertThat(recovered.reached().position()).isEqualTo("4");
        }
        assertThat(leftInFolder(stage)).containsExactly("other.bak");
    }

    private static void aChainOfFullDifferentialAndLogRestores(Stage stage) {
        stage.writes("clinic", 3);
        CopiedFolder full = stage.copy();
        var first = stage.back(stage.application(owned("full")), "run-1", full);
        stage.writes("clinic", 3);
        CopiedFolder differential = stage.copy();
        stage.back(stage.application(owned("differential")), "run-2", differential);
        stage.writes("clinic", 1);
        CopiedFolder log = stage.copy().after(Stage.evidence(first));
        stage.back(stage.application(owned("log")), "run-3", log);

        List<String> all = List.of(
                script(full, stage, "run-1"), script(differential, stage, "run-2"), script(log, stage, "run-3"));
        try (Session session = Session.open(stage.sandbox, "administrator", stage.soon())) {
            for (String script : all) {
                for (String each : script.split(";\n")) {
                    String statement = each.replaceAll("(?m)^--.*\n?", "").strip();
                    if (!statement.isEmpty()) {
                        session.run("restore", stage.soon(), statement);
                    }
                }
            }
        }

        var clinic = Objects.requireNonNull(stage.sandbox.restored("clinic"));
        assertThat(clinic.transfers()).isEqualTo(7);
        assertThat(all.get(2)).contains("RESTORE LOG [clinic]").contains("NORECOVERY");
    }

    /** As an administrator would: with the paths of where the copies lie. */
    private static String script(CopiedFolder copy, Stage stage, String run) {
        return copy.text(stage.backups().resolve("medbackup-" + run + "-restore.sql"))
                .replace(stage.backups().toString(), copy.at(stage.backups()).toString());
    }

    private static void aDifferentialWithoutItsBaseIsRefused(Stage stage) {
        assertThat(missing(stage.application(owned("differential")), stage)).containsExactly("chain");
        Application unchecked = stage.application(owned("differential"));
        unchecked.discover(stage.soon());
        unchecked.prepare("run-7", stage.soon());
        unchecked.mark(stage.soon());

        fails(ErrorCode.APPLICATION_NOT_READY, () -> unchecked.copy(stage.copy()));
        unchecked.after(Outcome.FAILURE, stage.soon());
    }

    private static void aLogWithoutAFullBackupIsRefused(Stage stage) {
        Application unchecked = stage.application(owned("log"));
        unchecked.discover(stage.soon());
        unchecked.prepare("run-7", stage.soon());
        unchecked.mark(stage.soon());

        fails(ErrorCode.APPLICATION_NOT_READY, () -> unchecked.copy(stage.copy()));
        unchecked.after(Outcome.FAILURE, stage.soon());
    }

    private static void aDatabaseWithoutLogIsRefused(Stage stage) {
        stage.back(stage.application(owned("full")), "run-1", stage.copy());
        stage.server.simple("clinic");
        assertThat(missing(stage.application(owned("log")), stage)).containsExactly("recovery_model");
        assertThat(missing(stage.application(owned("differential")), stage)).isEmpty();
        Application unchecked = stage.application(owned("log"));
        unchecked.discover(stage.soon());
        unchecked.prepare("run-7", stage.soon());

        fails(ErrorCode.APPLICATION_NOT_READY, () -> unchecked.copy(stage.copy()));
        unchecked.after(Outcome.FAILURE, stage.soon());
    }

    private static void aPartOfTheLogThatSomebodyTookIsAGap(Stage stage) {
        stage.back(stage.application(owned("full")), "run-1", stage.copy());
        stage.writes("clinic", 2);
        Map<String, String> first = Stage.evidence(stage.back(stage.application(owned("log")), "run-2", stage.copy()));
        stage.writes("clinic", 2);
        Map<String, String> second = Stage.evidence(stage.back(
                stage.application(owned("log")), "run-3", stage.copy().after(first)));
        stage.writes("clinic", 2);
        stage.server.other("BACKUP LOG [clinic] TO DISK = N'" + stage.backups().resolve("other.trn")
                + "' WITH FORMAT, NAME = N'other'");
        stage.writes("clinic", 2);

        fails(
                ErrorCode.APPLICATION_LOG_GAP,
                () -> stage.back(
                        stage.application(owned("log")), "run-4", stage.copy().after(second)));
    }

    private static void aSecondaryGivesCopiesOnly(Stage stage) {
        stage.server.asSecondary();

        stage.back(stage.application(CLINIC), "run-1", stage.copy());
        fails(
                ErrorCode.APPLICATION_NOT_READY,
                () -> stage.back(stage.application(owned("full")), "run-2", stage.copy()));
    }

    private static void aReplicaThatIsNotPreferredIsNotReady(Stage stage) {
        stage.server.inGroup("clinic", false);
        stage.snapshots(true, () -> {});

        assertThat(missing(stage.application(CLINIC), stage)).containsExactly("preferred_replica");
        stage.server.inGroup("clinic", true);
        assertThat(missing(stage.application(CLINIC), stage)).isEmpty();
        assertThat(missing(stage.application(SNAPSHOT), stage)).containsExactly("no_group_member");
    }

    private static void aDamagedBackupIsFoundBeforeItIsStored(Stage stage) {
        Path file = stage.backups().resolve("medbackup-run-7-0-clinic.bak");
        stage.server.next("RESTORE VERIFYONLY", new Fault.First(() -> damage(file)));
        CopiedFolder copy = stage.copy();

        fails(ErrorCode.RESTORED_APPLICATION_INVALID, () -> stage.back(stage.application(CLINIC), "run-7", copy));

        assertThat(copy.order()).isEmpty();
        assertThat(leftInFolder(stage)).isEmpty();
    }

    private static void damage(Path file) {
        try {
            Files.writeString(file, Files.readString(file).replace("D|clinic", "D|cl1nic"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void aDamagedDatabaseIsFoundInTheSandbox(Stage stage) {
        stage.server.damaged("clinic");
        CopiedFolder copy = stage.copy();
        var run = stage.back(stage.application(CLINIC), "run-7", copy);

        try (Recovered recovered = stage.recover(copy, Stage.evidence(run))) {
            assertThat(recovered.verify(stage.soon()))
                    .filteredOn(each -> !each.ok())
                    .extracting(Readiness::name)
                    .containsExactly("checkdb_0");
        }
    }

    private static void anEncryptedDatabaseNeedsItsCertificate(Stage stage) {
        stage.server.encrypted("clinic");
        assertThat(missing(stage.application(CLINIC), stage)).containsExactly("certificates");
        CopiedFolder copy = stage.copy();
        Application unchecked = stage.application(CLINIC);
        Map<String, String> evidence =
                new java.util.HashMap<>(unchecked.discover(stage.soon()).facts());
        unchecked.prepare("run-7", stage.soon());
        unchecked.copy(copy);
        evidence.putAll(unchecked.verify(stage.soon()).evidence());

        fails(ErrorCode.APPLICATION_NOT_READY, () -> stage.recover(copy, evidence));
        assertThat(stage.sandbox.restored("medbackup_clinic")).isNull();
    }

    private static void anObjectStoreGetsItsCredential(Stage stage) {
        CopiedFolder copy = stage.copy();
        Application application =
                stage.application(Settings.URL, Stage.URL, Settings.FOLDER, "", Settings.DATABASES, "clinic");

        var run = stage.back(application, "run-7", copy);

        assertThat(stage.server.credentials()).containsExactly("s3://store.example/backups");
        assertThat(Stage.evidence(run)).containsEntry("file.0", Stage.URL + "/medbackup-run-7-0-clinic.bak");
        assertThat(copy.order()).containsExactly("/medbackup-run-7-restore.sql");
        assertThat(run.toString()).doesNotContain("canary-secret");
        String begin = "BACKUP DATABASE [clinic] TO URL = N'" + Stage.URL;
        assertThat(stage.server.count(begin)).isEqualTo(1);
        try (Session session = stage.session()) {
            fails(
                    ErrorCode.APPLICATION_NOT_READY,
                    () -> session.run(
                            "test",
                            stage.soon(),
                            "BACKUP DATABASE [clinic] TO URL = N's3://elsewhere/b/x' WITH FORMAT"));
        }
    }
}
