package org.medbackup.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.medbackup.audit.AuditTrail;
import org.medbackup.audit.report.Period;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.process.Processes;
import org.medbackup.governor.Governor;
import org.medbackup.governor.Limits;
import org.medbackup.service.config.Configuration;
import org.medbackup.service.config.ConfigurationFile;
import org.medbackup.testkit.ManualTime;
import org.medbackup.testkit.SeededEntropy;

/** A site whose trail tells of some weeks: written as the product writes it, by a clock and a key of its own. */
final class ReportedSite implements AutoCloseable {

    static final Period JANUARY = Period.parse("2027-01-01/2027-01-31");
    static final String PLAN = "9c".repeat(32);
    static final Actor RAJ = new Actor("raj", "backup01", "month of Jane Canary", "HOPERAT").known("os", "medbackup");

    final Path folder;
    final ManualTime time = new ManualTime(Instant.parse("2027-01-01T01:00:00Z"));
    final Settings settings;
    final AuditTrail audit;
    private final Secret hostKey = Secret.ofText("the key of a host under test, 32");
    final SeededEntropy entropy = new SeededEntropy(10);
    Configuration configuration = Configuration.none();

    ReportedSite(Path folder) {
        this.folder = folder;
        Settings usual = Settings.of(folder.resolve("state"), RAJ);
        this.settings = new Settings(
                usual.state(),
                RAJ,
                usual.listener(),
                usual.sizing(),
                "medbackup test",
                time,
                entropy,
                Processes.system(),
                Governor.of(Limits.none()));
        this.audit = AuditTrail.open(folder.resolve("audit"), hostKey, time, entropy);
    }

    ComplianceOperations compliance() {
        return new ComplianceOperations(
                settings,
                new Operations(settings, audit, Ungoverned.access(settings)),
                audit,
                () -> AuditTrail.verify(folder.resolve("audit"), hostKey),
                () -> configuration);
    }

    Path key() {
        return folder.resolve("audit/key.pub");
    }

    ReportedSite configured(String yaml) {
        Path file = write("medbackup.yaml", yaml);
        ConfigurationFile.Reading read = new ConfigurationFile(List.of(), Map.of()).read(file);
        configuration = Objects.requireNonNull(read.configuration(), () -> String.valueOf(read.findings()));
        return this;
    }

    Path write(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    /** An operation that takes a minute. */
    void did(String action, Actor actor, Facts begin, Outcome outcome, Facts end) {
        OperationLog log = OperationLog.open(time, entropy, audit, action, actor, begin);
        time.advance(Duration.ofMinutes(1));
        log.ended(outcome, outcome == Outcome.SUCCESS ? null : ErrorCode.SOURCE_UNREADABLE, end);
    }

    void did(String action, Facts begin, Facts end) {
        did(action, RAJ, begin, Outcome.SUCCESS, end);
    }

    /** A run of a job. */
    void ran(String job, Outcome outcome) {
        OperationLog log = OperationLog.open(time, entropy, audit, "job", RAJ, Facts.of("job", job));
        OperationLog backup = OperationLog.open(
                time,
                entropy,
                audit,
                "backup",
                RAJ,
                Facts.NONE.andVeiled("source", "/srv/" + job).andVeiled("repository", "/repo"));
        time.advance(Duration.ofMinutes(3));
        if (outcome == Outcome.SUCCESS) {
            backup.phase("commit", Outcome.SUCCESS, Duration.ZERO, Facts.of("snapshot", "ab".repeat(16)));
        } else {
            log.found(
                    ErrorCode.SOURCE_UNREADABLE,
                    Facts.of("failure", "source-unreadable").and("stage", "backup"));
        }
        backup.ended(outcome, null, Facts.NONE);
        log.ended(outcome, null, Facts.of("job", job).and("snapshots", ""));
    }

    /** Six days of work, of everything something. */
    ReportedSite worked() {
        did("init", Facts.of("derivation", "argon2id").and("signatures", "HYBRID"), Facts.of("repository", "r1"));
        did("key-export-recovery", Facts.NONE, Facts.of("files", 1));
        for (int day = 0; day < 6; day++) {
            ran("ward", Outcome.SUCCESS);
            ran("lab", day == 3 ? Outcome.INCOMPLETE : Outcome.SUCCESS);
            time.advance(Duration.ofHours(24).minusMinutes(6));
        }
        did(
                "verify",
                Facts.of("level", "CONTENT"),
                Facts.of("packs", 3).and("chunks", 70).and("damaged", 0));
        did(
                "drill",
                Facts.of("plan", PLAN).and("predicted", "31.5"),
                Facts.of("drill", "00112233445566aa")
                        .and("actual", "33.25")
                        .and("errorPercent", "5.5")
                        .and("met", true)
                        .and("sound", true));
        did("restore", Facts.NONE.andVeiled("target", "/srv/restored"), Facts.of("files", 12));
        did("forget", Facts.NONE, Facts.of("kept", 5).and("removed", 1).and("refused", 0));
        did(
                "policy-activate",
                Facts.NONE,
                Facts.of("version", 2).and("digest", "d1").and("signers", "anne"));
        did("audit-verify", Facts.NONE, Facts.of("entries", 99));
        incident(true);
        return this;
    }

    void incident(boolean resolved) {
        incident("source-unreadable", resolved);
    }

    void incident(String failure, boolean resolved) {
        OperationLog incident = OperationLog.open(time, entropy, audit, "incidents", RAJ, Facts.NONE);
        Facts about = Facts.of("failure", failure).and("severity", "ERROR");
        incident.phase("incident-opened", Outcome.FINDING, Duration.ZERO, about);
        time.advance(Duration.ofMinutes(5));
        if (resolved) {
            incident.phase("incident-resolved", Outcome.SUCCESS, Duration.ZERO, about);
        }
    }

    ReportMade report(String profile, String to) {
        return compliance().report(new ReportOrder(profile, JANUARY, folder.resolve(to)));
    }

    @Override
    public void close() {
        try (hostKey) {
            audit.close();
        }
    }
}
