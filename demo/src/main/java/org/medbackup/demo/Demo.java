package org.medbackup.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.AuditVerification;
import org.medbackup.audit.report.ControlStatus;
import org.medbackup.audit.report.Period;
import org.medbackup.audit.report.ReportVerification;
import org.medbackup.core.ByteSizes;
import org.medbackup.core.PathBytes;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue;
import org.medbackup.engine.BackupResult;
import org.medbackup.engine.RestoreResult;
import org.medbackup.engine.VerifyLevel;
import org.medbackup.engine.VerifyResult;
import org.medbackup.recovery.Prediction;
import org.medbackup.service.ApplicationBackup;
import org.medbackup.service.ApplicationRestore;
import org.medbackup.service.BackupOrder;
import org.medbackup.service.CredentialSource;
import org.medbackup.service.MedBackup;
import org.medbackup.service.ReportMade;
import org.medbackup.service.ReportOrder;
import org.medbackup.service.RepositoryAccess;
import org.medbackup.service.RestoreOrder;
import org.medbackup.service.Settings;

/**
 * The main job on embedded defaults: a real PostgreSQL with a writer that never stops, and documents beside it; full and
 * incremental backup, verification, prediction, restore, proof of equality, audit trail. Needs no configuration and no
 * root. Used by one thread.
 */
public final class Demo implements AutoCloseable {

    private static final long SEED = 20_260_101;
    private static final String DOCUMENTS = "documents";
    private static final String VERIFY = "verify every chunk";
    private static final String COMPARE = "compare every document";
    private static final String RESTORE_DATABASE = "restore and start the database on another port";
    private static final String AUDIT = "check the audit trail";
    private static final String REPORT = "make a compliance report";

    private final Scale scale;
    private final boolean keep;
    private final Consumer<String> narrator;
    private final TimeSource time;
    private final Instant began;
    private final DemoFolder folder;
    private final Path serverCache;
    private final Secret password;
    private final List<DemoResult.Step> steps = new ArrayList<>();
    private final List<String> snapshots = new ArrayList<>();
    private final Papers papers;

    private @Nullable Hospital hospital;
    private @Nullable Traffic traffic;
    private @Nullable MedBackup product;
    private @Nullable Prediction predicted;
    private @Nullable Duration actual;
    private long fullBytes;
    private SortedMap<String, String> digests = new java.util.TreeMap<>();
    private String databasePosition = "0/0";

    /**
     * How much of everything there is.
     *
     * @param patients in the database
     * @param accounts between which money moves
     * @param documents small ones
     * @param images of 1 MiB
     */
    public record Scale(int patients, int accounts, int documents, int images) {

        /** What a demonstration shows. */
        public static final Scale USUAL = new Scale(2000, 200, 3000, 24);

        /** What a test needs. */
        public static final Scale SMALL = new Scale(50, 20, 200, 6);
    }

    private Demo(Scale scale, Path root, boolean keep, Path serverCache, Consumer<String> narrator) {
        this.scale = scale;
        this.keep = keep;
        this.narrator = narrator;
        this.time = TimeSource.system();
        this.began = time.now();
        this.folder = new DemoFolder(root);
        this.serverCache = serverCache;
        this.password = Secret.ofText(
                HexFormat.of().formatHex(org.medbackup.core.Entropy.system().bytes(16)));
        this.papers = new Papers(folder.documents(), SEED);
    }

    /**
     * Runs the demo.
     *
     * @param dir an empty or new folder for all of it, or null for a temporary one
     * @param keep whether what it made stays
     * @param serverCache where the database server is unpacked to, once
     * @param narrator takes a line for each step and the summary
     */
    public static DemoResult run(
            Scale scale, @Nullable Path dir, boolean keep, Path serverCache, Consumer<String> narrator) {
        Path root = dir == null ? DemoFolder.temporary() : dir;
        try (var demo = new Demo(scale, root, keep, serverCache, narrator)) {
            return demo.tell();
        }
    }

    /**
     * Where the demo's server is unpacked to: the system's or the user's folder for what can be made again. The account
     * that the server runs under must be able to enter it.
     */
    public static Path serverCache() {
        if ("root".equals(System.getProperty("user.name"))) {
            return Path.of("/var/cache/medbackup");
        }
        String base = System.getenv("XDG_CACHE_HOME");
        Path cache =
                base == null || base.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(base);
        return cache.resolve("medbackup");
    }

    @FunctionalInterface
    private interface Act {
        String run() throws SQLException, IOException;
    }

    private DemoResult tell() {
        narrator.accept("MedBackup demo in " + folder.root());
        boolean done = step("start a PostgreSQL server", this::startServer)
                && step("fill the database", this::fillDatabase)
                && step("write documents", this::writeDocuments)
                && step("start the application's writer", this::startTraffic)
                && step("create a repository", this::createRepository)
                && step("full backup of the documents", this::fullDocuments)
                && step("full backup of the database, in use", this::fullDatabase)
                && step("a day passes: documents change", this::changeDocuments)
                && step("incremental backup of the documents", this::nextDocuments)
                && step("incremental backup of the database, in use", this::nextDatabase)
                && step(VERIFY, this::verify)
                && step("predict the restore", this::predict)
                && step("restore the documents", this::restoreDocuments)
                && step(COMPARE, this::compareDocuments)
                && step(RESTORE_DATABASE, this::restoreDatabase)
                && step(AUDIT, this::checkAudit)
                && step(REPORT, this::makeReport);
        narrator.accept("");
        DemoResult result = new DemoResult(steps, snapshots, predicted, actual, keep ? report() : null);
        if (keep) {
            writeRecord(result);
        }
        summary(done);
        return result;
    }

    private boolean step(String name, Act act) {
        long started = time.nanos();
        boolean ok = false;
        String message;
        try {
            message = act.run();
            ok = true;
        } catch (BackupException failure) {
            message = failure.code() + ": " + failure.describe() + " What to do: " + failure.remedy();
        } catch (DemoFailure | SQLException | IOException failure) {
            message = String.valueOf(failure.getMessage());
        }
        Duration took = time.since(started);
        steps.add(new DemoResult.Step(name, ok, took, message));
        narrator.accept(String.format(
                Locale.ROOT, "%-4s %6.2f s  %s: %s", ok ? "ok" : "FAIL", took.toNanos() / 1e9, name, message));
        return ok;
    }

    private static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("a step needs one before it");
        }
        return value;
    }

    private String startServer() {
        DemoFolder.make(folder.hospital());
        Hospital started = Hospital.start(serverCache, folder.cluster(), folder.serverLog());
        hospital = started;
        return "version " + started.version() + " on port " + started.port();
    }

    private String fillDatabase() throws SQLException {
        Hospital.Filled filled = present(hospital).fill(SEED, scale.patients(), scale.accounts());
        return filled.patients() + " patients, " + filled.encounters() + " encounters, " + filled.results()
                + " results";
    }

    private String writeDocuments() {
        Papers.Written written = papers.write(0, scale.documents(), 0, scale.images());
        return written.files() + " files, " + ByteSizes.text(written.bytes());
    }

    private String startTraffic() {
        traffic = Traffic.start(present(hospital), scale.accounts(), SEED);
        return "money moves between " + scale.accounts() + " accounts; all balances add up to zero at every commit";
    }

    private RepositoryAccess reading() {
        return new RepositoryAccess(folder.repository().toString(), new CredentialSource.Password(password));
    }

    private RepositoryAccess writing() {
        return new RepositoryAccess(folder.repository().toString(), new CredentialSource.KeyFile(folder.writerKey()));
    }

    private String createRepository() {
        var actor = new Actor("demo", "localhost", "demonstration", "HOPERAT").known("os", "medbackup demo");
        product = MedBackup.open(Settings.of(folder.state(), actor).madeBy("medbackup demo"));
        MedBackup.Initialised made = present(product).init(reading(), folder.writerKey());
        return "id " + made.id().substring(0, 8) + ", format " + made.format() + "; backups use a key that cannot read";
    }

    private String fullDocuments() {
        BackupResult result = backupDocuments();
        fullBytes = result.bytes().stored();
        return told(result);
    }

    private BackupResult backupDocuments() {
        var order = new BackupOrder(
                List.of(PathBytes.of(folder.documents().toString())),
                DOCUMENTS,
                java.util.Collections.emptySortedMap(),
                List.of(),
                false);
        BackupResult result = present(product).backup(writing(), order);
        require(result.isComplete(), "some documents could not be read");
        snapshots.add(result.snapshot());
        digests = Papers.digests(folder.documents());
        return result;
    }

    private static String told(BackupResult result) {
        BackupResult.Files files = result.files();
        return "restore point " + result.snapshot().substring(0, 8) + ", " + files.added() + " new, " + files.changed()
                + " changed, " + files.unmodified() + " unmodified, "
                + ByteSizes.text(result.bytes().stored()) + " stored";
    }

    private String fullDatabase() {
        ApplicationBackup done = backupDatabase();
        return told(done.backup()) + "; " + told(done);
    }

    private ApplicationBackup backupDatabase() {
        ApplicationBackup done = present(product)
                .applications()
                .backup(writing(), present(hospital).address());
        present(traffic).requireUnharmed();
        snapshots.add(done.backup().snapshot());
        databasePosition = done.position();
        return done;
    }

    private static String told(ApplicationBackup done) {
        return done.consistency() + " at " + done.position()
                + String.format(
                        Locale.ROOT,
                        ", frozen %.3f s, added %.2f s",
                        done.frozen().toNanos() / 1e9,
                        done.added().toNanos() / 1e9);
    }

    private String changeDocuments() {
        int changed = papers.change(50);
        Papers.Written written = papers.write(scale.documents(), scale.documents() / 20, scale.images(), 1);
        return changed + " corrected or removed, " + written.files() + " new";
    }

    private String nextDocuments() {
        BackupResult result = backupDocuments();
        require(result.bytes().stored() < fullBytes / 2, "the incremental backup is not smaller than the full one");
        require(result.files().unmodified() > 0, "the incremental backup read everything again");
        return told(result);
    }

    private String nextDatabase() {
        ApplicationBackup done = backupDatabase();
        require(
                done.backup().bytes().added() < done.backup().bytes().scanned() / 2,
                "the incremental backup of the database stored most of it again");
        return told(done.backup()) + "; " + told(done);
    }

    private String verify() {
        VerifyResult result = present(product).verify(reading(), VerifyLevel.CONTENT, 100, List.of());
        require(result.isWhole(), result.damaged().size() + " objects are damaged");
        return result.packs() + " packs, " + result.chunks() + " chunks, " + ByteSizes.text(result.bytes());
    }

    private RestoreOrder documents(Path target) {
        return new RestoreOrder(
                "latest@" + DOCUMENTS, PathBytes.of(folder.documents().toString()), List.of(), target);
    }

    private String predict() {
        Path target = folder.restoredDocuments();
        DemoFolder.make(folder.restored());
        Prediction prediction = present(product).predict(reading(), documents(target));
        predicted = prediction;
        return String.format(
                Locale.ROOT,
                "%.2f s for the documents (%.2f to %.2f)",
                prediction.expected().toNanos() / 1e9,
                prediction.low().toNanos() / 1e9,
                prediction.high().toNanos() / 1e9);
    }

    private String restoreDocuments() {
        RestoreResult result = present(product).restore(reading(), documents(folder.restoredDocuments()));
        require(result.isComplete(), result.failureCount() + " things could not be restored as they were");
        actual = result.took();
        return result.files() + " files, " + ByteSizes.text(result.bytes().written())
                + String.format(
                        Locale.ROOT,
                        "; predicted %.2f s, took %.2f s",
                        present(predicted).expected().toNanos() / 1e9,
                        result.took().toNanos() / 1e9);
    }

    private String compareDocuments() {
        SortedMap<String, String> restored = Papers.digests(folder.restoredDocuments());
        require(restored.equals(digests), "the restored documents differ from those that were backed up");
        return restored.size() + " of " + digests.size() + " equal by SHA-256";
    }

    private String restoreDatabase() throws SQLException {
        Traffic.Expected expected = present(traffic).expectedAt(databasePosition);
        var found = new AtomicReference<Hospital.Invariant>();
        var trouble = new AtomicReference<SQLException>();
        ApplicationRestore done = present(product)
                .applications()
                .restore(
                        reading(),
                        present(hospital).address(),
                        Optional.empty(),
                        folder.restoredDatabase(),
                        address -> look(address, found, trouble));
        if (trouble.get() != null) {
            throw trouble.get();
        }
        Hospital.Invariant invariant = present(found.get());
        require(done.isRight(), "a structural check of the restored database failed");
        require(invariant.holds(), "the balances of the restored database do not add up");
        require(invariant.patients() == scale.patients(), "the restored database lacks patients");
        require(
                expected.contains(invariant.journal()),
                "the restored database has " + invariant.journal() + " transfers, expected are " + expected.least()
                        + " to " + expected.most());
        return String.format(
                Locale.ROOT,
                "recovery %.2f s, %d checks passed, balances add up to zero, %d transfers as of %s (%d since)",
                done.recovery().toNanos() / 1e9,
                done.checks().size(),
                invariant.journal(),
                databasePosition,
                present(traffic).count() - invariant.journal());
    }

    private static void look(
            String address, AtomicReference<Hospital.Invariant> found, AtomicReference<SQLException> trouble) {
        try (Connection connection = DriverManager.getConnection(address)) {
            found.set(Hospital.Invariant.read(connection));
        } catch (SQLException failed) {
            trouble.set(failed);
        }
    }

    private String checkAudit() {
        AuditVerification verification = present(product).verifyAudit();
        require(
                verification.valid(),
                "the audit trail has " + verification.findings().size() + " findings");
        return verification.entries() + " entries, " + verification.checkpoints() + " signed checkpoints, intact";
    }

    /** The compliance report where one was made, else what is on record of the steps. */
    private Path report() {
        return Files.exists(folder.report()) ? folder.report() : folder.record();
    }

    private String makeReport() {
        LocalDate first = began.atZone(ZoneOffset.UTC).toLocalDate();
        Instant end = time.now()
                .atZone(ZoneOffset.UTC)
                .toLocalDate()
                .plusDays(1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
        var period = new Period(first.atStartOfDay(ZoneOffset.UTC).toInstant(), end);
        ReportMade made = present(product).compliance().report(new ReportOrder("hipaa", period, folder.reports()));
        ReportVerification verification = MedBackup.verifyReport(
                folder.report(), folder.state().resolve("audit").resolve("key.pub"));
        require(verification.valid(), "the compliance report is not what was signed");
        return made.document().items("controls").size() + " controls, " + made.count(ControlStatus.MET) + " met, "
                + made.count(ControlStatus.NOT_MET) + " not met, " + verification.proofs() + " proofs, signed";
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new DemoFailure(otherwise);
        }
    }

    private void summary(boolean done) {
        Duration all = steps.stream().map(DemoResult.Step::took).reduce(Duration.ZERO, Duration::plus);
        narrator.accept(String.format(
                Locale.ROOT,
                "%s: %d of %d steps in %.1f s",
                done ? "All is well" : "FAILED at \"" + steps.getLast().name() + "\"",
                steps.stream().filter(DemoResult.Step::ok).count(),
                steps.size(),
                all.toNanos() / 1e9));
        narrator.accept("  restore points  "
                + String.join(
                        ", ", snapshots.stream().map(id -> id.substring(0, 8)).toList()));
        Prediction prediction = predicted;
        Duration took = actual;
        if (prediction != null && took != null) {
            narrator.accept(String.format(
                    Locale.ROOT,
                    "  restore time    predicted %.2f s, actual %.2f s",
                    prediction.expected().toNanos() / 1e9,
                    took.toNanos() / 1e9));
        }
        told("proof", VERIFY);
        told("documents", COMPARE);
        told("database", RESTORE_DATABASE);
        told("audit trail", AUDIT);
        told("compliance", REPORT);
        Map<String, Path> places = new LinkedHashMap<>();
        places.put("repository", folder.repository());
        places.put("state", folder.state());
        places.put("restored files", folder.restoredDocuments());
        places.put("restored data", folder.restoredDatabase());
        places.put("report", report());
        places.forEach((what, path) -> line(what, path.toString()));
        if (keep) {
            line("password", "in " + folder.root().resolve("password"));
        } else {
            narrator.accept("  All of it has been removed; --keep leaves it there.");
        }
    }

    /** Repeats what a step said. */
    private void told(String what, String name) {
        steps.stream()
                .filter(step -> step.ok() && step.name().equals(name))
                .findFirst()
                .ifPresent(step -> line(what, step.message()));
    }

    private void line(String what, String text) {
        narrator.accept(String.format(Locale.ROOT, "  %-15s %s", what, text));
    }

    private void writeRecord(DemoResult result) {
        try {
            var steps = new ArrayList<Object>();
            for (DemoResult.Step step : result.steps()) {
                Map<String, Object> members = new LinkedHashMap<>();
                members.put("name", step.name());
                members.put("ok", step.ok());
                members.put("seconds", step.took().toNanos() / 1e9);
                members.put("message", step.message());
                steps.add(members);
            }
            Map<String, Object> report = new LinkedHashMap<>();
            report.put("steps", steps);
            report.put("snapshots", result.snapshots());
            report.put("rto", rto(result));
            Files.writeString(folder.record(), Json.write(JsonValue.of(report)) + "\n");
            Path secret = folder.root().resolve("password");
            Files.createFile(
                    secret,
                    java.nio.file.attribute.PosixFilePermissions.asFileAttribute(
                            java.nio.file.attribute.PosixFilePermissions.fromString("rw-------")));
            password.use(bytes -> write(secret, bytes));
        } catch (IOException failed) {
            throw ErrorCode.TARGET_UNUSABLE.because("the report cannot be written", failed);
        }
    }

    private static Map<String, Object> rto(DemoResult result) {
        Map<String, Object> times = new LinkedHashMap<>();
        Prediction expected = result.predicted();
        if (expected != null) {
            times.put(
                    "predicted",
                    Map.of(
                            "seconds", expected.expected().toNanos() / 1e9,
                            "low", expected.low().toNanos() / 1e9,
                            "high", expected.high().toNanos() / 1e9));
        }
        Duration took = result.actual();
        if (took != null) {
            times.put("actual", Map.of("seconds", took.toNanos() / 1e9));
        }
        return times;
    }

    private static boolean write(Path file, byte[] bytes) {
        try {
            Files.writeString(file, new String(bytes, StandardCharsets.UTF_8) + "\n");
            return true;
        } catch (IOException failed) {
            throw ErrorCode.TARGET_UNUSABLE.because("the password cannot be written", failed);
        }
    }

    @Override
    public void close() {
        if (traffic != null) {
            traffic.close();
        }
        if (hospital != null) {
            hospital.close();
        }
        if (product != null) {
            product.close();
        }
        password.close();
        if (!keep) {
            folder.remove();
        }
    }
}
