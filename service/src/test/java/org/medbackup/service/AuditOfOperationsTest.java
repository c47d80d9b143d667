package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.audit.AuditEntry;
import org.medbackup.audit.AuditVerification;
import org.medbackup.core.PathBytes;
import org.medbackup.core.Secret;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.EventSink;
import org.medbackup.corpus.ClinicalDocuments;
import org.medbackup.corpus.Document;
import org.medbackup.corpus.Patients;
import org.medbackup.engine.VerifyLevel;

class AuditOfOperationsTest {

    @TempDir
    Path temp;

    private static final String ADDRESS = "postgresql://postgres:canary-pw-in-url@127.0.0.1:1/postgres";

    /** Every operation on a repository, by the name that the trail has for it. */
    private static Map<String, Consumer<RepositoryAccess>> operations(Site site) {
        MedBackup product = site.product;
        Path target = site.folder.resolve("restored");
        Map<String, Consumer<RepositoryAccess>> all = new LinkedHashMap<>();
        all.put("backup", access -> product.backup(access, site.order()));
        all.put("snapshots", access -> product.snapshots(access, "", Collections.emptySortedMap()));
        all.put("find", access -> product.find(access, "*", (snapshot, entry) -> {}));
        all.put("ls", access -> product.list(access, "latest", PathBytes.of("/"), true, entry -> {}));
        all.put("diff", access -> product.diff(access, "latest", "latest", each -> {}));
        all.put(
                "dump",
                access -> product.dump(
                        access,
                        "latest",
                        Site.path(site.source().resolve("note.txt")),
                        Channels.newChannel(new ByteArrayOutputStream())));
        all.put("restore-plan", access -> product.plan(access, site.restoring(target)));
        all.put("predict", access -> product.predict(access, site.restoring(target)));
        all.put("restore", access -> product.restore(access, site.restoring(target)));
        all.put("verify", access -> product.verify(access, VerifyLevel.CONTENT, 100, List.of()));
        all.put("stats", product::stats);
        return all;
    }

    private static String told(AuditEntry entry) {
        return entry.action() + " " + entry.event()
                + (entry.outcome() == null ? "" : " " + entry.outcome())
                + (entry.code() == null ? "" : " " + entry.code());
    }

    private static List<String> ends(Site site) {
        return site.audit().stream()
                .filter(entry ->
                        entry.event().equals("started") || entry.event().equals("ended"))
                .map(AuditOfOperationsTest::told)
                .toList();
    }

    @Test
    void everyOperationBeginsAndEndsInTheTrail() {
        var site = new Site(temp);
        site.write("note.txt", "seen at noon");
        var expected = new ArrayList<>(List.of("init started", "init ended SUCCESS"));
        site.made();

        operations(site).forEach((name, operation) -> {
            operation.accept(site.reading());
            expected.add(name + " started");
            expected.add(name + " ended SUCCESS");
        });
        AuditVerification verified = site.product.verifyAudit();
        expected.addAll(List.of("audit-verify started", "audit-verify ended SUCCESS"));

        assertThat(verified.valid()).isTrue();
        assertThat(ends(site)).isEqualTo(expected);
    }

    @Test
    void everyOperationThatFailsEndsInTheTrailWithItsCode() {
        var site = new Site(temp).made();
        RepositoryAccess wrong = site.with(new CredentialSource.Password(Secret.ofText("canary-wrong-password")));
        var expected = new ArrayList<String>(List.of("init started", "init ended SUCCESS"));

        operations(site).forEach((name, operation) -> {
            Site.failure(ErrorCode.WRONG_PASSWORD, () -> operation.accept(wrong));
            expected.addAll(List.of(name + " started", name + " ended FAILURE WRONG_PASSWORD"));
        });
        Site.failure(ErrorCode.REPOSITORY_EXISTS, () -> site.product.init(site.reading(), null));
        Site.failure(
                ErrorCode.APPLICATION_UNREACHABLE,
                () -> site.product.applications().check(ADDRESS));
        Site.failure(
                ErrorCode.APPLICATION_UNREACHABLE,
                () -> site.product.applications().backup(site.writing(), ADDRESS));
        Site.failure(
                ErrorCode.SNAPSHOT_NOT_FOUND,
                () -> site.product
                        .applications()
                        .restore(site.reading(), ADDRESS, Optional.of("ffff"), temp.resolve("restored")));
        expected.addAll(List.of(
                "init started",
                "init ended FAILURE REPOSITORY_EXISTS",
                "app-check started",
                "app-check ended FAILURE APPLICATION_UNREACHABLE",
                "app-backup started",
                "app-backup ended FAILURE APPLICATION_UNREACHABLE",
                "app-restore started",
                "app-restore ended FAILURE SNAPSHOT_NOT_FOUND"));

        assertThat(ends(site)).isEqualTo(expected);
    }

    @Test
    void whatIsFoundIsRecordedAsAFinding() {
        var site = new Site(temp);
        site.write("note.txt", "seen at noon");
        site.initialised();
        site.backup();
        site.damagePacks();

        site.product.verify(site.reading(), VerifyLevel.CONTENT, 100, List.of());
        site.product.restore(site.reading(), site.restoring(temp.resolve("restored")));

        assertThat(ends(site)).contains("verify ended FINDING OBJECT_DAMAGED", "restore ended FINDING OBJECT_DAMAGED");
    }

    @Test
    void aDamagedRepositoryThatCannotBeOpenedIsRecordedAsAFinding() {
        var site = new Site(temp).initialised();
        Site.write(site.repository().resolve("format"), new byte[] {1});
        Site.write(site.repository().resolve("format.2"), new byte[] {1});

        Site.failure(ErrorCode.FORMAT_DAMAGED, () -> site.product.stats(site.reading()));

        assertThat(ends(site)).contains("stats ended FINDING FORMAT_DAMAGED");
    }

    @Test
    void anIncompleteRestoreIsRecordedAsSuch() {
        var site = new Site(temp);
        site.write("note.txt", "seen at noon");
        site.initialised();
        site.backup();
        Path target = temp.resolve("restored");
        Site.write(Path.of(target + site.source().toString() + "/note.txt"), new byte[] {1});

        site.product.restore(site.reading(), site.restoring(target));

        assertThat(ends(site)).contains("restore ended INCOMPLETE ATTRIBUTE_NOT_SET");
    }

    @Test
    void theTrailSaysWhoActedFromWhereAndWhy() {
        var site = new Site(temp).made();

        assertThat(site.audit())
                .filteredOn(entry -> entry.actor() != null)
                .isNotEmpty()
                .allSatisfy(entry ->
                        assertThat(entry.actor()).isEqualTo(new Actor("j.doe", "backup01", "ticket 4711", "HOPERAT")));
    }

    @Test
    void anUnforeseenErrorIsRecordedAndPassedOn() {
        var site = new Site(temp);
        site.write("note.txt", "seen at noon");
        site.initialised();
        site.backup();
        var accident = new IllegalStateException("the visitor stumbles");

        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> site.product.list(site.reading(), "latest", PathBytes.of("/"), true, entry -> {
                            throw accident;
                        })))
                .isSameAs(accident);

        assertThat(ends(site)).contains("ls ended FAILURE INTERNAL");
    }

    @Test
    void noNameOfAPatientAndNoPasswordIsInTheTrailOrInAnOpenFactOrInAFailure() {
        String canary = "Canaryson";
        var site = new Site(temp.resolve("records"));
        ClinicalDocuments documents =
                ClinicalDocuments.of(1).withPatients(Patients.of(1).withCanary(canary));
        for (int number = 0; number < 20; number++) {
            Document document = documents.document(number);
            Site.write(site.source().resolve(document.relativePath()), document.content());
        }
        site.write("note.txt", canary);
        site.write(canary + "/note.txt", canary);
        site.made();
        List<BackupException> failures = new ArrayList<>();

        operations(site).forEach((name, operation) -> operation.accept(site.reading()));
        RepositoryAccess wrong = site.with(new CredentialSource.Password(Secret.ofText("canary-wrong-password")));
        failures.add(Site.failure(ErrorCode.WRONG_PASSWORD, () -> site.product.stats(wrong)));
        PathBytes patient = Site.path(site.source().resolve(canary + "/nothing.txt"));
        failures.add(Site.failure(
                ErrorCode.PATH_NOT_IN_SNAPSHOT,
                () -> site.product.list(site.reading(), "latest", patient, true, entry -> {})));
        failures.add(Site.failure(
                ErrorCode.SOURCE_NOT_FOUND,
                () -> site.product.backup(site.writing(), BackupOrder.of(List.of(patient)))));
        failures.addAll(secretsInAddresses(site));

        assertThat(failures)
                .filteredOn(failure -> failure.toCaller().endsWith(patient.toString()))
                .hasSize(2);
        assertThat(failures).allSatisfy(failure -> {
            assertThat(failure.describe()).doesNotContain(canary);
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                assertThat(cause.toString()).doesNotContain("canary-").doesNotContain(Site.PASSWORD);
            }
        });
        site.audit();
        assertThat(Site.everythingBelow(site.state().resolve("audit")))
                .contains("\"action\":\"restore\"")
                .doesNotContain(canary, "canary-", Site.PASSWORD);
        assertThat(site.events.all().toString().replaceAll("veiled=\\{[^}]*}", ""))
                .doesNotContain(canary, "canary-", Site.PASSWORD);
    }

    private static List<BackupException> secretsInAddresses(Site site) {
        var failures = new ArrayList<BackupException>();
        for (String location : List.of(
                "s3://key:canary-pw-in-location@bucket/x",
                "s3://key:canary-pw in-location@bucket/x",
                "file://key:canary-pw-in-location@host/x",
                "/tmp/canary-\0")) {
            var access = new RepositoryAccess(location, site.reading().credential());
            failures.add(Site.failure(ErrorCode.LOCATION_UNSUPPORTED, () -> site.product.stats(access)));
            failures.add(Site.failure(ErrorCode.LOCATION_UNSUPPORTED, () -> site.product.init(access, null)));
        }
        failures.add(Site.failure(
                ErrorCode.APPLICATION_UNREACHABLE,
                () -> site.product.applications().check(ADDRESS)));
        failures.add(Site.failure(
                ErrorCode.APPLICATION_URL_MALFORMED,
                () -> site.product.applications().check("postgresql://u:canary-pw in-url@h/")));
        failures.add(Site.failure(
                ErrorCode.APPLICATION_NOT_CONFIGURED,
                () -> site.product.applications().check("canary-no-url")));
        failures.add(Site.failure(
                ErrorCode.APPLICATION_KIND_UNKNOWN,
                () -> site.product.applications().check("teradata://u:canary-pw-in-url@h/")));
        return failures;
    }

    @Test
    void withoutAListenerTheTrailStillHearsEverything() {
        Settings settings = Settings.of(temp.resolve("state"), new Actor("cron", "backup01", null, null))
                .with(EventSink.none());
        try (MedBackup product = MedBackup.open(settings)) {
            assertThat(product.auditHead().size()).isZero();
            product.verifyAudit();
            assertThat(product.auditHead().size()).isEqualTo(2);
        }
        assertThat(MedBackup.verifyAudit(temp.resolve("state")).entries()).isEqualTo(2);
    }
}
