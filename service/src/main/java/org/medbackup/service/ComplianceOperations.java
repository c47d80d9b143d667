package org.medbackup.service;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.medbackup.audit.AuditEntry;
import org.medbackup.audit.AuditProof;
import org.medbackup.audit.AuditTrail;
import org.medbackup.audit.AuditVerification;
import org.medbackup.audit.ProvenEntry;
import org.medbackup.audit.merkle.Hash;
import org.medbackup.audit.merkle.TreeHead;
import org.medbackup.audit.report.Assessment;
import org.medbackup.audit.report.Basis;
import org.medbackup.audit.report.ControlStatus;
import org.medbackup.audit.report.Period;
import org.medbackup.audit.report.Profile;
import org.medbackup.audit.report.ProofSource;
import org.medbackup.audit.report.ReportDocument;
import org.medbackup.audit.report.ReportFiles;
import org.medbackup.audit.report.ReportPage;
import org.medbackup.audit.report.ReportSheet;
import org.medbackup.audit.report.Statements;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Facts;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.service.Operations.Ending;
import org.medbackup.service.ReportWindow.Mark;
import org.medbackup.service.compliance.EvidenceCollection;
import org.medbackup.service.compliance.Scope;
import org.medbackup.service.compliance.Survey;
import org.medbackup.service.config.Configuration;

/**
 * Compliance reports: what the audit trail proves of each control of a profile. A report is made of the entries of the trail
 * and the statements of the site, and of nothing else, so that the same report can be made again. Safe for use by several
 * threads.
 */
public final class ComplianceOperations {

    private final Settings settings;
    private final Operations operations;
    private final AuditTrail audit;
    private final Supplier<AuditVerification> verification;
    private final Supplier<Configuration> configuration;

    ComplianceOperations(
            Settings settings,
            Operations operations,
            AuditTrail audit,
            Supplier<AuditVerification> verification,
            Supplier<Configuration> configuration) {
        this.settings = settings;
        this.operations = operations;
        this.audit = audit;
        this.verification = verification;
        this.configuration = configuration;
    }

    /**
     * Makes a report: {@code report.json}, {@code .html}, {@code .pdf}, {@code .csv}, {@code .checkpoint}, {@code .sig}. The
     * signature comes last: files without one are not whole. Where the period is not over, or what is configured or stated
     * is not on record yet, it is recorded first; not so for a report of the trail as it was.
     *
     * @throws org.medbackup.core.error.UsageException with {@code USAGE} where there is no such profile, or the trail has
     *     not been so large, or the statements were not on record then; with {@code CONFIGURATION_INVALID} for statements
     *     that cannot be used
     * @throws org.medbackup.core.error.BackupException with {@code TARGET_UNUSABLE} where the files cannot be written
     */
    public ReportMade report(ReportOrder order) {
        Profile profile = Profile.of(order.profile());
        Statements statements = statements(order);
        return operations
                .run(
                        ReportWindow.REPORT,
                        Facts.of("profile", profile.id())
                                .and("from", order.period().from())
                                .and("to", order.period().to()),
                        log -> made(order, profile, statements),
                        ComplianceOperations::ending)
                .report();
    }

    /** Writes down what is configured now, where it is not on record: the daemon does so when it begins. */
    void survey() {
        record(ReportWindow.of(audit, new Period(Instant.EPOCH, Instant.MAX), -1, ""));
    }

    private boolean record(ReportWindow window) {
        Survey now = ComplianceSurvey.of(configuration.get());
        Mark known = window.newest();
        if (known != null && known.digest().equals(now.digest())) {
            return false;
        }
        ComplianceSurvey.record(operations, now);
        return true;
    }

    private record Made(ReportMade report, TreeHead head, String sha256) {}

    private static Ending ending(Made made) {
        Facts facts = Facts.of("size", made.head().size())
                .and("root", made.head().root())
                .and("sha256", made.sha256());
        for (ControlStatus status : ControlStatus.values()) {
            facts = facts.and(status.name(), made.report().count(status));
        }
        return Ending.success(facts);
    }

    private Statements statements(ReportOrder order) {
        Path file = order.statements() != null
                ? order.statements()
                : configuration.get().statements();
        if (file == null) {
            return Statements.NONE;
        }
        Statements.Reading read;
        try {
            read = Statements.read(Files.readString(file));
        } catch (IOException unreadable) {
            throw ErrorCode.CONFIGURATION_INVALID
                    .because("the file with the site's statements cannot be read", unreadable)
                    .about(file);
        }
        Statements statements = read.statements();
        if (statements == null) {
            Statements.Fault first = read.faults().getFirst();
            throw ErrorCode.CONFIGURATION_INVALID
                    .because("line " + first.line() + (first.key().isEmpty() ? "" : ", " + first.key()) + ": "
                            + first.message())
                    .about(file);
        }
        return statements;
    }

    private ReportWindow window(ReportOrder order, Statements statements) {
        if (order.at() > audit.head().size() || order.at() == 0) {
            throw ErrorCode.USAGE
                    .because("the audit trail has not had so many entries")
                    .about(order.at());
        }
        Supplier<ReportWindow> look = () -> ReportWindow.of(audit, order.period(), order.at(), statements.sha256());
        ReportWindow window = look.get();
        boolean missing = !statements.sha256().isEmpty() && window.stated() == null;
        if (order.at() > 0) {
            if (missing) {
                throw ErrorCode.USAGE.because("the statements of the site were not on record then");
            }
            return window;
        }
        boolean going = settings.time().now().isBefore(order.period().to());
        boolean surveyed = (going || window.survey() == null) && record(window);
        if (missing) {
            state(statements);
        }
        return surveyed || missing ? look.get() : window;
    }

    private void state(Statements statements) {
        Facts facts = Facts.of("digest", statements.sha256());
        operations.run(
                ReportWindow.STATED,
                facts,
                log -> statements,
                stated -> Ending.success(
                        facts.and("associates", stated.associates().size())
                                .and("alternatives", stated.alternatives().size())
                                .and("waivers", stated.waivers().size())
                                .and("reviews", stated.reviews().size())
                                .and("drills", stated.drills().size())
                                .and("applications", stated.applications().size())));
    }

    private Made made(ReportOrder order, Profile profile, Statements statements) {
        ReportWindow window = window(order, statements);
        long size = window.size();
        if (size == 0) {
            throw ErrorCode.USAGE.because("the audit trail has no entry of the period, nor before it");
        }
        AuditProof signed = audit.prove(List.of(), size);
        TreeHead head = audit.key().head(signed.checkpoint()).orElseThrow();
        var collection = new EvidenceCollection();
        var reader = new Reader(window, order.period(), collection);
        try (Stream<AuditEntry> entries = audit.entries(0)) {
            entries.takeWhile(each -> each.index() < size).forEach(reader::see);
        }
        Mark surveyed = window.survey();
        Mark stated = window.stated();
        var basis = new Basis(
                order.period(),
                head,
                reader.last,
                audit.key().toString(),
                reader.ofPeriod,
                surveyed == null ? -1 : surveyed.index(),
                surveyed == null ? Instant.EPOCH : surveyed.time(),
                stated == null ? -1 : stated.index(),
                settings.tool());
        var scope = new Scope(basis, reader.survey.survey(), statements, integrity(window, head));
        Members document = ReportDocument.of(
                profile,
                basis,
                statements,
                Assessment.of(profile, collection.measures(scope), statements, basis),
                collection.sections(scope),
                entries -> proven(entries, size));
        return write(order.output(), document, signed.checkpoint(), head);
    }

    /** Shows entries to the collectors. For one thread. */
    private static final class Reader {

        private final Period period;
        private final EvidenceCollection collection;
        private final String surveying;
        private final Survey.Reader survey = new Survey.Reader();
        private final Set<String> own = new HashSet<>();
        private long ofPeriod;
        private Instant last = Instant.EPOCH;

        Reader(ReportWindow window, Period period, EvidenceCollection collection) {
            this.period = period;
            this.collection = collection;
            Mark mark = window.survey();
            this.surveying = mark == null ? "" : mark.operation();
        }

        void see(AuditEntry entry) {
            last = entry.time();
            if (entry.operation().equals(surveying)) {
                survey.see(entry);
            }
            boolean counts = !ReportWindow.isOwn(own, entry) && period.contains(entry.time());
            ofPeriod += counts ? 1 : 0;
            if (entry.time().isBefore(period.to())) {
                collection.see(entry, counts);
            }
        }
    }

    private Scope.Integrity integrity(ReportWindow window, TreeHead head) {
        int findings = verification.get().findings().size();
        ReportWindow.Earlier earlier = window.earlier();
        if (earlier == null) {
            return new Scope.Integrity(findings, -1, true);
        }
        boolean consistent = earlier.size() <= head.size()
                && audit.proofOfConsistency(earlier.size(), head.size())
                        .verifies(Hash.parse(earlier.root()), head.root());
        return new Scope.Integrity(findings, earlier.size(), consistent);
    }

    private Map<Long, ProofSource.Proven> proven(List<Long> entries, long size) {
        List<ProvenEntry> all = audit.prove(entries, size).entries();
        Map<Long, ProofSource.Proven> proven = new HashMap<>();
        for (ProvenEntry each : all) {
            proven.put(
                    each.proof().index(),
                    new ProofSource.Proven(Hash.leaf(each.record().getBytes(StandardCharsets.UTF_8)), each.proof()));
        }
        return proven;
    }

    private Made write(Path folder, Members document, String checkpoint, TreeHead head) {
        var files = new ReportFiles(folder);
        byte[] json = ReportDocument.bytes(document);
        Map<String, byte[]> contents = new LinkedHashMap<>();
        contents.put("json", json);
        contents.put("html", ReportPage.html(document).getBytes(StandardCharsets.UTF_8));
        contents.put("pdf", ReportPage.pdf(document));
        contents.put("csv", ReportSheet.csv(document).getBytes(StandardCharsets.UTF_8));
        String signature = audit.sign(ReportFiles.statement(contents));
        contents.put("checkpoint", checkpoint.getBytes(StandardCharsets.UTF_8));
        contents.put("sig", signature.getBytes(StandardCharsets.UTF_8));
        List<Path> written = new ArrayList<>();
        try {
            Files.createDirectories(folder);
            // What lies there of an earlier report is not to be taken for signed meanwhile.
            Files.deleteIfExists(files.file("sig"));
            for (Map.Entry<String, byte[]> each : contents.entrySet()) {
                written.add(Files.write(files.file(each.getKey()), each.getValue()));
            }
        } catch (IOException failed) {
            throw ErrorCode.TARGET_UNUSABLE.because("the report cannot be written there", failed);
        }
        return new Made(new ReportMade(document, written), head, ReportFiles.sha256(json));
    }
}
