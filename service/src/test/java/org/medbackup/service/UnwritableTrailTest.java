package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.audit.AuditEntry;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.EventSink;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Processes;
import org.medbackup.engine.CollectRequest;
import org.medbackup.engine.KeyDerivation;
import org.medbackup.engine.LegalHold;
import org.medbackup.engine.RetentionRules;
import org.medbackup.engine.VerifyLevel;
import org.medbackup.service.config.Configuration;

/** A file system of the audit trail that is read-only or full: what is refused, and what goes on. */
class UnwritableTrailTest {

    @TempDir
    Path temp;

    private Path audit;
    private boolean mounted;

    /** The folder of the trail on a small file system of its own. */
    @BeforeEach
    void mount() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "mounting needs root");
        audit = Files.createDirectories(temp.resolve("state/audit"));
        call("mount", "-t", "tmpfs", "-o", "size=256k,mode=700", "none", audit.toString());
        mounted = true;
    }

    @AfterEach
    void unmount() {
        if (mounted) {
            call("umount", "--lazy", audit.toString());
        }
    }

    private static void call(String... command) {
        assertThat(Processes.system()
                        .run(Command.of(command).within(Duration.ofSeconds(30)))
                        .exitCode())
                .as(String.join(" ", command))
                .isZero();
    }

    private void readOnly() {
        call("mount", "-o", "remount,ro", audit.toString());
    }

    private void writable() {
        call("mount", "-o", "remount,rw", audit.toString());
    }

    /** Restores, exports, deletions, holds, keys and policies. */
    private Map<String, Consumer<Site>> refused() {
        Map<String, Consumer<Site>> all = new LinkedHashMap<>();
        all.put("restore", site -> site.product.restore(site.reading(), site.restoring(temp.resolve("restored"))));
        all.put(
                "dump",
                site -> site.product.dump(
                        site.reading(),
                        "latest",
                        Site.path(site.source().resolve("note.txt")),
                        Channels.newChannel(new ByteArrayOutputStream())));
        all.put(
                "app-restore",
                site -> site.product
                        .applications()
                        .restore(
                                site.reading(),
                                "postgresql://postgres@127.0.0.1:1/postgres",
                                Optional.empty(),
                                temp.resolve("restored")));
        all.put("forget", site -> site.product.forget(site.reading(), RetentionRules.NONE, List.of("latest"), false));
        all.put("gc", site -> site.product.collect(site.reading(), CollectRequest.usual()));
        all.put("hold-place", site -> site.product.holds().place(site.reading(), "matter", LegalHold.Selector.ALL));
        all.put("hold-release", site -> site.product.holds().release(site.reading(), "0", "over"));
        all.put("key-list", site -> site.product.keys().list(site.reading()));
        all.put("key-revoke", site -> site.product.keys().revoke(site.reading(), "0"));
        all.put(
                "key-rotate",
                site -> site.product
                        .keys()
                        .rotate(
                                withPassword(site),
                                new CredentialSource.Password(Secret.ofText("another password")),
                                KeyDerivation.PBKDF2,
                                false));
        all.put(
                "key-add-domain",
                site -> site.product.keys().addDomain(withPassword(site), "clinic", KeyDerivation.PBKDF2));
        all.put(
                "key-export-recovery",
                site -> site.product.keys().exportRecovery(site.reading(), temp.resolve("recovery.key")));
        all.put("policy-activate", site -> site.product.policy().activate(policy()));
        all.put("policy-key", site -> site.product.policy().newKey(temp.resolve("policy.key")));
        all.put("snapshots", site -> site.product.snapshots(site.reading(), "", new TreeMap<>()));
        all.put("audit-prove", site -> site.product.proveAudit(0));
        return all;
    }

    private static RepositoryAccess withPassword(Site site) {
        return site.with(new CredentialSource.Password(Secret.ofText(Site.PASSWORD)));
    }

    private Path policy() {
        return Site.write(temp.resolve("policy.yaml"), new byte[] {'{', '}'});
    }

    private Site site() {
        var site = new Site(temp);
        site.write("note.txt", "seen at noon");
        return site;
    }

    private void prepared() {
        try (Site site = site().initialised()) {
            site.backup();
        }
    }

    private static List<String> ends(Site site) {
        return site.audit().stream()
                .filter(each -> each.event().equals("ended"))
                .map(AuditEntry::action)
                .toList();
    }

    @Test
    void onAReadOnlyFileSystemBackupsGoOnAndAllElseIsRefusedBeforeItBegins() {
        prepared();
        readOnly();
        Site site = site();
        refused()
                .forEach((action, operation) -> assertThatThrownBy(() -> operation.accept(site))
                        .as(action)
                        .isInstanceOfSatisfying(
                                BackupException.class,
                                failed -> assertThat(failed.code()).as(action).isEqualTo(ErrorCode.STATE_UNUSABLE)));
        assertThat(temp.resolve("restored")).doesNotExist();
        assertThat(temp.resolve("recovery.key")).doesNotExist();
        assertThat(temp.resolve("policy.key")).doesNotExist();

        site.write("note.txt", "seen at one");
        assertThat(site.backup().snapshot()).isNotBlank();
        assertThat(site.product
                        .verify(site.reading(), VerifyLevel.CONTENT, 100, List.of())
                        .isWhole())
                .isTrue();
        assertThat(temp.resolve("state/spool/waiting")).exists();
        site.close();
        assertThat(incidents()).anyMatch(each -> each.contains("audit trail"));

        writable();
        try (Site later = site()) {
            assertThat(temp.resolve("state/spool/waiting")).doesNotExist();
            assertThat(later.product.verifyAudit().valid()).isTrue();
            assertThat(later.product.snapshots(later.reading(), "", new TreeMap<>()))
                    .hasSize(2);
            assertThat(ends(later)).endsWith("backup", "verify", "audit-verify", "snapshots");
        }
        assertThat(incidents()).isEmpty();
    }

    /** Titles of the open incidents, as another process finds them. */
    private List<String> incidents() {
        Settings elsewhere = Site.settings(temp.resolve("state"), TimeSource.system());
        try (Secret key = StateFolder.existingKey(temp.resolve("state"))) {
            var incidents = new Incidents(elsewhere, temp.resolve("state"), key, EventSink.none(), Configuration::none);
            return incidents.with(escalation -> escalation.incidents().stream()
                    .filter(each -> each.isOpen())
                    .map(each ->
                            each.cause().resource() + ": " + each.description().title())
                    .toList());
        }
    }

    @Test
    void aFileSystemThatIsFullInTheMidstOfItLosesNothing() throws IOException {
        prepared();
        try (Site site = site()) {
            Path filler = audit.resolve("filler");
            call("sh", "-c", "dd if=/dev/zero of=" + filler + " bs=1k 2>/dev/null; true");
            assertThat(site.backup().snapshot()).isNotBlank();
            assertThat(temp.resolve("state/spool/waiting")).exists();
            assertThatThrownBy(() -> site.product.restore(site.reading(), site.restoring(temp.resolve("restored"))))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failed -> assertThat(failed.code()).isEqualTo(ErrorCode.NO_SPACE));
            Files.delete(filler);
            // What must not wait brings in what waited.
            site.product.restore(site.reading(), site.restoring(temp.resolve("restored")));

            assertThat(temp.resolve("state/spool/waiting")).doesNotExist();
            assertThat(site.product.verifyAudit().valid()).isTrue();
            assertThat(ends(site)).endsWith("backup", "restore", "audit-verify");
        }
    }

    /** Its retention takes away, and is refused; so is the copy of the trail that nobody can take. */
    @Test
    void aJobStoresAndProvesAndSomebodyIsTold() {
        try (var site = new SimulatedSite(temp, "unwritable", 5)) {
            site.run("records");
            site.product().close();
            readOnly();
            site.restart();
            site.write("note.txt", "second");
            JobResult result = site.run("records");

            assertThat(result.state()).isEqualTo(JobState.DEGRADED);
            assertThat(temp.resolve("state/spool/waiting")).exists();
            assertThat(site.told).anyMatch(each -> each.toString().contains("audit trail"));
            writable();
            site.restart();
            assertThat(temp.resolve("state/spool/waiting")).doesNotExist();
            assertThat(site.restored("", result.snapshots().getFirst(), "note.txt"))
                    .isEqualTo("second");
        }
    }
}
