package org.medbackup.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.medbackup.audit.report.Period;
import org.medbackup.audit.report.ReportDocument;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;
import org.medbackup.core.event.Actor;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Processes;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonSchema;
import org.medbackup.documents.JsonValue;
import org.medbackup.service.CredentialSource;
import org.medbackup.service.MedBackup;
import org.medbackup.service.ReportOrder;
import org.medbackup.service.RepositoryAccess;
import org.medbackup.service.Settings;

class DemoTest {

    private final List<String> told = new ArrayList<>();
    private Path temp = Path.of("/");

    /** The server's account must be able to pass, which it cannot in a folder of JUnit's. */
    @BeforeEach
    void makeFolder() throws IOException {
        temp = Files.createTempDirectory("medbackup-test-");
        Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterEach
    void removeFolder() throws IOException {
        try (Stream<Path> files = Files.walk(temp)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private DemoResult run(Path dir, boolean keep, Path cache) {
        return Demo.run(Demo.Scale.SMALL, dir, keep, cache, told::add);
    }

    @Test
    void everyStepComesOutRightAndWhatIsKeptIsTheProof() throws IOException {
        Path dir = temp.resolve("demo");

        DemoResult result = run(dir, true, temp.resolve("server"));

        assertThat(result.steps()).hasSize(17).allSatisfy(step -> {
            assertThat(step.ok()).as("%s: %s", step.name(), step.message()).isTrue();
            assertThat(step.took()).isLessThan(Duration.ofMinutes(2));
        });
        assertThat(result.isRight()).isTrue();
        assertThat(result.snapshots()).hasSize(4).doesNotHaveDuplicates().allMatch(id -> id.matches("[0-9a-f]{32}"));
        assertThat(result.predicted()).isNotNull();
        assertThat(result.actual()).isPositive();
        assertThat(told).anyMatch(line -> line.startsWith("All is well: 17 of 17 steps"));
        showsTheRecord(dir);
        showsTheReport(result, dir);
        leavesARepositoryThatOpens(dir, result);
    }

    private static void showsTheRecord(Path dir) throws IOException {
        JsonValue.Members report = Json.parseMembers(Files.readString(dir.resolve("demo.json")));
        assertThat(report.items("steps"))
                .hasSize(17)
                .allSatisfy(step ->
                        assertThat(((JsonValue.Members) step).values()).containsEntry("ok", new JsonValue.Truth(true)));
        assertThat(report.items("snapshots")).hasSize(4);
        assertThat(report.members("rto").members("predicted").values().keySet())
                .containsExactlyInAnyOrder("seconds", "low", "high");
        assertThat(report.members("rto").members("actual").values()).containsKey("seconds");
    }

    /** Complete, signed, and the same again when it is made again. */
    private void showsTheReport(DemoResult result, Path dir) throws IOException {
        Path report = dir.resolve("report/report.json");
        Path key = dir.resolve("state/audit/key.pub");
        assertThat(result.report()).isEqualTo(report);
        assertThat(MedBackup.verifyReport(report, key).findings()).isEmpty();
        JsonValue.Members document = Json.parseMembers(Files.readString(report));
        assertThat(JsonSchema.parse(ReportDocument.schema()).check(document)).isEmpty();
        assertThat(document.members("summary").whole("MET")).isPositive();
        assertThat(document.members("summary").whole("NOT_MET")).isZero();
        var period = new Period(
                Instant.parse(document.members("period").text("from")),
                Instant.parse(document.members("period").text("to")));
        Settings settings = Settings.of(dir.resolve("state"), new Actor("auditor", "localhost", null, null))
                .madeBy(document.text("generator"));
        try (MedBackup product = MedBackup.open(settings)) {
            product.compliance().report(new ReportOrder("hipaa", period, dir.resolve("again")));
        }
        for (String ending : List.of("json", "html", "pdf", "csv", "checkpoint", "sig")) {
            String name = "report." + ending;
            assertThat(dir.resolve("again").resolve(name)).as(name).hasSameBinaryContentAs(report.resolveSibling(name));
        }
        String pdf = words(report.resolveSibling("report.pdf"));
        for (JsonValue each : document.items("controls")) {
            JsonValue.Members control = (JsonValue.Members) each;
            assertThat(pdf)
                    .contains((control.text("id") + ": " + control.text("status") + ". " + control.text("asks"))
                            .replaceAll("\\s", ""));
        }
        assertThat(pdf)
                .contains("Entriesoftheaudittrail" + document.members("trail").whole("size"))
                .contains(document.members("trail").text("root"));
    }

    private static String words(Path pdf) throws IOException {
        try (PDDocument read = Loader.loadPDF(pdf.toFile())) {
            return new PDFTextStripper()
                    .getText(read)
                    .replaceAll("\\d+ / \\d+\\R", "")
                    .replaceAll("\\s", "");
        }
    }

    private static void leavesARepositoryThatOpens(Path dir, DemoResult result) throws IOException {
        Path password = dir.resolve("password");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(password)))
                .isEqualTo("rw-------");
        var credential = new CredentialSource.Password(
                Secret.ofText(Files.readString(password).strip()));
        var access = new RepositoryAccess(dir.resolve("repository").toString(), credential);
        Settings settings = Settings.of(dir.resolve("state"), new Actor("test", "localhost", null, null));
        try (MedBackup product = MedBackup.open(settings)) {
            assertThat(product.snapshots(access, "", Collections.emptySortedMap()))
                    .extracting(view -> view.snapshot().id())
                    .containsExactlyElementsOf(result.snapshots());
        }
    }

    @Test
    void aStepThatFailsIsTheLastAndIsNamedAndEverythingIsRemoved() throws IOException {
        Path noFolder = Files.createFile(temp.resolve("file"));
        Path dir = temp.resolve("demo");

        DemoResult result = run(dir, false, noFolder.resolve("cache"));

        assertThat(result.isRight()).isFalse();
        assertThat(result.steps()).singleElement().satisfies(step -> {
            assertThat(step.ok()).isFalse();
            assertThat(step.name()).isEqualTo("start a PostgreSQL server");
            assertThat(step.message()).contains("TARGET_UNUSABLE", "What to do: ");
        });
        assertThat(result.snapshots()).isEmpty();
        assertThat(result.predicted()).isNull();
        assertThat(result.actual()).isNull();
        assertThat(result.report()).isNull();
        assertThat(told)
                .anyMatch(line -> line.startsWith("FAIL "))
                .anyMatch(line -> line.startsWith("FAILED at \"start a PostgreSQL server\": 0 of 1 steps"))
                .anyMatch(line -> line.contains("has been removed"));
        assertThat(dir).doesNotExist();
    }

    @Test
    void aFailureThatIsKeptHasAReportToo() throws IOException {
        Path noFolder = Files.createFile(temp.resolve("file"));

        DemoResult result = run(temp.resolve("demo"), true, noFolder.resolve("cache"));

        JsonValue.Members report = Json.parseMembers(Files.readString(temp.resolve("demo/demo.json")));
        assertThat(report.items("steps")).hasSize(1);
        assertThat(report.members("rto").values()).isEmpty();
        assertThat(result.report()).exists();
    }

    @Test
    void aFullFileSystemEndsTheDemoAtAStepThatIsNamed() throws IOException {
        Path full = Files.createDirectory(temp.resolve("full"));
        Command mount = Command.of("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", full.toString());
        assertThat(Processes.system().run(mount).succeeded()).isTrue();
        try {
            DemoResult result = run(full.resolve("demo"), false, Demo.serverCache());

            assertThat(result.isRight()).isFalse();
            assertThat(told).anyMatch(line -> line.startsWith("FAILED at \"start a PostgreSQL server\""));
            assertThat(full).isEmptyDirectory();
        } finally {
            assertThat(Processes.system()
                            .run(Command.of("umount", full.toString()))
                            .succeeded())
                    .isTrue();
        }
    }

    @Test
    void aFolderWithSomethingInItIsLeftAlone() throws IOException {
        Files.writeString(temp.resolve("somebody's.txt"), "here");

        UsageException refused =
                catchThrowableOfType(UsageException.class, () -> run(temp, false, temp.resolve("server")));

        assertThat(refused.code()).isEqualTo(ErrorCode.TARGET_UNUSABLE);
        assertThat(refused.describe()).contains("not empty", temp.toString());
        assertThat(temp.resolve("somebody's.txt")).hasContent("here");
        assertThat(told).isEmpty();
    }

    @Test
    void aFolderThatCannotBeMadeIsNamed() throws IOException {
        Path below = Files.createFile(temp.resolve("file")).resolve("demo");

        UsageException refused =
                catchThrowableOfType(UsageException.class, () -> run(below, true, temp.resolve("server")));

        assertThat(refused.code()).isEqualTo(ErrorCode.TARGET_UNUSABLE);
        assertThat(refused.describe()).contains(below.toString());
    }

    @Test
    void withoutAFolderATemporaryOneIsUsedAndRemoved() throws IOException {
        Path noFolder = Files.createFile(temp.resolve("file"));

        Demo.run(Demo.Scale.SMALL, null, false, noFolder.resolve("cache"), told::add);

        Path used = Path.of(told.getFirst().substring("MedBackup demo in ".length()));
        assertThat(used.getFileName().toString()).startsWith("medbackup-demo-");
        assertThat(used).doesNotExist();
    }

    @Test
    void theServerIsUnpackedWhereItsAccountMayEnter() {
        assertThat(Demo.serverCache()).isEqualTo(Path.of("/var/cache/medbackup"));
    }
}
