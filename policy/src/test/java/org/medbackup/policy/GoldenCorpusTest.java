package org.medbackup.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.medbackup.corpus.ClinicalDocuments;
import org.medbackup.corpus.Document;
import org.medbackup.corpus.DocumentKind;
import org.medbackup.corpus.SeededRandom;

/**
 * Ten thousand files whose kind and labels are known: five thousand clinical documents, of which each fourth is disguised, and
 * five thousand files of this system, whose kind another program tells.
 */
class GoldenCorpusTest {

    private static final int CLINICAL = 5_000;
    private static final int OF_THE_SYSTEM = 5_000;
    private static final int FURTHER = 100;
    private static final List<DocumentKind> KINDS = List.of(DocumentKind.values());
    private static final double ENOUGH = 0.99;

    /** Where any Linux has files that others made. */
    private static final List<Path> PLACES =
            List.of(Path.of("/usr/share"), Path.of("/usr/lib"), Path.of("/usr/bin"), Path.of("/etc"));

    /** What was said and what is true, counted. */
    private static final class Score {
        private int right;
        private int missed;
        private int wrong;

        void count(boolean is, boolean said) {
            right += is && said ? 1 : 0;
            missed += is && !said ? 1 : 0;
            wrong += !is && said ? 1 : 0;
        }

        double precision() {
            return right + wrong == 0 ? 1 : right / (double) (right + wrong);
        }

        double recall() {
            return right + missed == 0 ? 1 : right / (double) (right + missed);
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%d\t%d\t%d\t%.4f\t%.4f", right, wrong, missed, precision(), recall());
        }
    }

    private final Map<DataKind, Score> kinds = new EnumMap<>(DataKind.class);
    private final Map<Label, Score> labels = new EnumMap<>(Label.class);
    private final List<String> errors = new ArrayList<>();

    private void judge(String name, Classification said, DataKind kind, Optional<List<Label>> bears) {
        for (DataKind each : DataKind.values()) {
            kinds.computeIfAbsent(each, any -> new Score()).count(each == kind, each == said.kind());
        }
        if (said.kind() != kind) {
            errors.add(name + " is " + kind + ", said " + said.kind());
        }
        bears.ifPresent(true1 -> {
            for (Label each : Label.values()) {
                boolean is = true1.contains(each);
                labels.computeIfAbsent(each, any -> new Score()).count(is, said.has(each));
                if (is != said.has(each)) {
                    errors.add(name + (is ? " bears " : " does not bear ") + each);
                }
            }
        });
    }

    private static DataKind kind(DocumentKind of) {
        return switch (of) {
            case HL7_ADT, HL7_ORU -> DataKind.HL7V2;
            case FHIR_PATIENT, FHIR_OBSERVATION, FHIR_BUNDLE, FHIR_NDJSON -> DataKind.FHIR;
            case CCDA -> DataKind.CCDA;
            case X12_837, X12_835 -> DataKind.X12;
            case PDF -> DataKind.PDF;
            case NOTE, PSYCHOTHERAPY_NOTE, SUBSTANCE_USE_NOTE -> DataKind.TEXT;
            case DICOM -> DataKind.DICOM;
        };
    }

    private static List<Label> labels(DocumentKind of) {
        return switch (of) {
            case PSYCHOTHERAPY_NOTE -> List.of(Label.PHI, Label.PSYCHOTHERAPY);
            case SUBSTANCE_USE_NOTE -> List.of(Label.PHI, Label.PART2);
            default -> List.of(Label.PHI);
        };
    }

    /** In another encoding, packed, framed, or without what it usually begins with. */
    private static byte[] disguised(DocumentKind kind, byte[] content, int how) {
        String text = new String(content, StandardCharsets.UTF_8);
        if (kind == DocumentKind.DICOM) {
            return java.util.Arrays.copyOfRange(content, 132, content.length);
        }
        if (kind == DocumentKind.PDF) {
            return Heads.bytes("\0\0leading bytes of a spool\n", content);
        }
        return switch (how % 5) {
            case 0 -> ("\uFEFF" + text).getBytes(StandardCharsets.UTF_8);
            case 1 -> ("\uFEFF" + text).getBytes(StandardCharsets.UTF_16LE);
            case 2 -> text.getBytes(StandardCharsets.UTF_16BE);
            case 3 -> ("\r\n" + text).getBytes(StandardCharsets.UTF_8);
            default ->
                kind == DocumentKind.X12_837 || kind == DocumentKind.HL7_ADT
                        ? text.getBytes(Charset.forName("IBM037"))
                        : ("  " + text).getBytes(StandardCharsets.UTF_8);
        };
    }

    private void judgeClinical() {
        ClinicalDocuments documents = ClinicalDocuments.of(2026).withImageBytes(8 << 10);
        for (int number = 0; number < CLINICAL; number++) {
            DocumentKind kind = KINDS.get(number % KINDS.size());
            Document document = documents.document(kind, number);
            boolean hidden = number % 4 == 1;
            byte[] content = hidden ? disguised(kind, document.content(), number / 4) : document.content();
            judge(
                    document.relativePath() + (hidden ? ", disguised" : ""),
                    Heads.of(content),
                    kind(kind),
                    Optional.of(labels(kind)));
        }
    }

    private static byte[] container(String first, int number) {
        var packed = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(packed)) {
            zip.putNextEntry(new ZipEntry(first));
            zip.write(("<Types>part " + number + "</Types>").getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry("word/document.xml"));
            zip.write(Integer.toString(number).repeat(number).getBytes(StandardCharsets.UTF_8));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return packed.toByteArray();
    }

    private static byte[] withoutIdentity(int number) {
        return Heads.bytes(
                Heads.zeros(128),
                "DICM",
                2,
                0,
                0x10,
                0,
                "UI",
                20,
                0,
                "1.2.840.10008.1.2.1",
                0,
                8,
                0,
                0x20,
                0,
                "DA",
                8,
                0,
                String.format(Locale.ROOT, "2026%04d", 101 + number),
                0x10,
                0,
                0x20,
                0,
                "LO",
                6,
                0,
                String.format(Locale.ROOT, "S%05d", number),
                0x12,
                0,
                0x62,
                0,
                "CS",
                4,
                0,
                "YES ",
                Heads.zeros(400));
    }

    /** Kinds and labels that neither of the others has enough of. */
    private void judgeFurther() throws IOException, InterruptedException {
        List<String> definitions =
                List.of("ValueSet", "CodeSystem", "StructureDefinition", "Questionnaire", "Measure", "PlanDefinition");
        for (int number = 0; number < FURTHER; number++) {
            String first = List.of("[Content_Types].xml", "_rels/.rels", "docProps/app.xml")
                    .get(number % 3);
            judge("container " + number, Heads.of(container(first, number)), DataKind.OFFICE, Optional.empty());
            judge("archive " + number, Heads.of(container("letter.txt", number)), DataKind.ARCHIVE, Optional.empty());
            String odm = "<?xml version=\"1.0\"?>\n<ODM xmlns=\"http://www.cdisc.org/ns/odm/v1.3\" FileOID=\"" + number
                    + "\"/>";
            judge("ODM " + number, Heads.of(odm), DataKind.TEXT, Optional.of(List.of(Label.RESEARCH)));
            judge(
                    "study " + number,
                    Heads.of(withoutIdentity(number)),
                    DataKind.DICOM,
                    Optional.of(List.of(Label.RESEARCH)));
            String definition =
                    "{\n  \"resourceType\" : \"" + definitions.get(number % definitions.size()) + "\",\n  \"id\" : \"d"
                            + number + "\",\n  \"description\" : \"Which diagnosis a patient may have\"\n}";
            judge("definition " + number, Heads.of(definition), DataKind.FHIR, Optional.of(List.of(Label.PUBLIC)));
            String answer =
                    "MSH|^~\\&|LAB|A|ADT|A|20260301120000||ACK^A01|" + number + "|P|2.5.1\rMSA|AA|" + number + "\r";
            judge("acknowledgement " + number, Heads.of(answer), DataKind.HL7V2, Optional.of(List.of()));
            String child = "{\"resourceType\":\"Patient\",\"birthDate\":\"20" + (43 + number % 17) + "-06-0"
                    + (1 + number % 9) + "\"}";
            judge("child " + number, Heads.of(child), DataKind.FHIR, Optional.of(List.of(Label.PHI, Label.MINOR)));
            String house = "{\"resourceType\":\"Organization\",\"name\":\"House " + number + "\"}";
            judge("organisation " + number, Heads.of(house), DataKind.FHIR, Optional.of(List.of()));
        }
        for (byte[] database : databases()) {
            judge("database", Heads.of(database), DataKind.DATABASE, Optional.empty());
        }
    }

    /** Made by SQLite itself. */
    private static List<byte[]> databases() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("databases");
        String script =
                "import sqlite3\nfor i in range(" + FURTHER + "):\n c=sqlite3.connect('" + folder + "/%d' % i)\n"
                        + " c.execute('CREATE TABLE t%d (a INTEGER PRIMARY KEY, b TEXT)' % i)\n c.commit()\n c.close()\n";
        Process process =
                new ProcessBuilder("python3", "-c", script).inheritIO().start();
        assertThat(process.waitFor()).isZero();
        List<byte[]> databases = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path each : files.toList()) {
                databases.add(Files.readAllBytes(each));
                Files.delete(each);
            }
        }
        Files.delete(folder);
        assertThat(databases).hasSize(FURTHER);
        return databases;
    }

    /** Files of the system in an order that chance gives, each directory's in the order of their names. */
    private static List<Path> ofTheSystem() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path place : PLACES) {
            Files.walkFileTree(place, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile() && attributes.size() > 0 && Files.isReadable(file)) {
                        files.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException unreadable) {
                    return FileVisitResult.CONTINUE;
                }
            });
        }
        files.sort(Path::compareTo);
        var random = SeededRandom.of(2026, 10);
        List<Path> chosen = new ArrayList<>();
        while (chosen.size() < OF_THE_SYSTEM && !files.isEmpty()) {
            int at = random.below(files.size());
            chosen.add(files.get(at));
            files.set(at, files.getLast());
            files.removeLast();
        }
        return chosen;
    }

    /** What libmagic says of each. */
    private static List<String> types(List<Path> files) throws IOException, InterruptedException {
        Path list = Files.createTempFile("files", ".txt");
        try {
            Files.write(list, files.stream().map(Path::toString).toList());
            Process process = new ProcessBuilder(
                            "file", "--brief", "--mime-type", "--no-pad", "--files-from", list.toString())
                    .redirectErrorStream(true)
                    .start();
            List<String> types = process.inputReader().lines().toList();
            assertThat(process.waitFor()).isZero();
            return types;
        } finally {
            Files.delete(list);
        }
    }

    /** Our word for a type; empty where that program has none that is as exact. */
    private static Optional<DataKind> kind(String type) {
        Map<Predicate<String>, DataKind> words = new java.util.LinkedHashMap<>();
        words.put("image/x-xpixmap"::equals, DataKind.TEXT);
        words.put("application/x-empty"::equals, DataKind.OTHER);
        words.put(each -> each.startsWith("image/"), DataKind.IMAGE);
        words.put("application/dicom"::equals, DataKind.DICOM);
        words.put("application/pdf"::equals, DataKind.PDF);
        words.put(
                each -> List.of(
                                "application/gzip",
                                "application/x-xz",
                                "application/zstd",
                                "application/x-bzip2",
                                "application/zip",
                                "application/x-archive",
                                "application/x-7z-compressed",
                                "application/java-archive",
                                "application/x-tar",
                                "application/vnd.debian.binary-package",
                                "application/x-cpio")
                        .contains(each),
                DataKind.ARCHIVE);
        words.put(
                each -> each.startsWith("application/vnd.openxmlformats") || each.startsWith("application/vnd.oasis"),
                DataKind.OFFICE);
        words.put(
                each -> List.of("application/msword", "text/rtf", "application/vnd.ms-excel")
                        .contains(each),
                DataKind.OFFICE);
        words.put(
                each -> List.of("application/vnd.sqlite3", "application/x-sqlite3")
                        .contains(each),
                DataKind.DATABASE);
        words.put(each -> each.startsWith("text/"), DataKind.TEXT);
        words.put(
                each -> List.of("application/json", "application/javascript", "application/x-ndjson")
                        .contains(each),
                DataKind.TEXT);
        words.put(
                each -> List.of(
                                "application/x-sharedlib",
                                "application/x-pie-executable",
                                "application/x-executable",
                                "application/x-object",
                                "application/x-gettext-translation",
                                "application/x-bytecode.python",
                                "application/x-java-applet",
                                "font/sfnt",
                                "font/woff2")
                        .contains(each),
                DataKind.OTHER);
        return words.entrySet().stream()
                .filter(each -> each.getKey().test(type))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private int judgeSystem() throws IOException, InterruptedException {
        List<Path> files = ofTheSystem();
        List<String> types = types(files);
        assertThat(types).hasSameSizeAs(files);
        int judged = 0;
        for (int i = 0; i < files.size(); i++) {
            Optional<DataKind> kind = kind(types.get(i));
            byte[] head;
            try (InputStream content = Files.newInputStream(files.get(i))) {
                head = content.readNBytes(Classifier.HEAD);
            }
            if (kind.isPresent()) {
                Classification said = Classifier.builtIn()
                        .classify(
                                Heads.facts(files.get(i).toString(), Files.size(files.get(i))), ByteBuffer.wrap(head));
                // Texts and programs of a system are about nobody; what cannot be looked into may be.
                boolean clear = kind.get() == DataKind.TEXT || kind.get() == DataKind.OTHER;
                judge(files.get(i).toString(), said, kind.get(), clear ? Optional.of(List.of()) : Optional.empty());
                judged++;
            }
        }
        return judged;
    }

    @Test
    void tenThousandFilesAreToldApart() throws IOException, InterruptedException {
        judgeClinical();
        judgeFurther();
        int ofOthers = judgeSystem();

        List<String> table = new ArrayList<>(List.of("class\tright\twrong\tmissed\tprecision\trecall"));
        kinds.forEach((kind, score) -> table.add(kind + "\t" + score));
        labels.forEach((label, score) -> table.add(label + "\t" + score));
        Files.createDirectories(Path.of("target"));
        Files.write(Path.of("target/classification.tsv"), table);
        Files.write(Path.of("target/classification-errors.txt"), errors);
        assertThat(ofOthers).as("files of others whose kind is known").isGreaterThan(OF_THE_SYSTEM * 9 / 10);
        assertThat(kinds)
                .as("%s%n%s", table, errors.stream().limit(20).toList())
                .allSatisfy((kind, score) -> {
                    assertThat(score.right)
                            .as(kind + " has enough to be judged")
                            .isGreaterThanOrEqualTo(FURTHER);
                    assertThat(score.precision()).as(kind + " precision").isGreaterThanOrEqualTo(ENOUGH);
                    assertThat(score.recall()).as(kind + " recall").isGreaterThanOrEqualTo(ENOUGH);
                });
        assertThat(labels)
                .as("%s%n%s", table, errors.stream().limit(20).toList())
                .allSatisfy((label, score) -> {
                    assertThat(score.right)
                            .as(label + " has enough to be judged")
                            .isGreaterThanOrEqualTo(FURTHER);
                    assertThat(score.precision()).as(label + " precision").isGreaterThanOrEqualTo(ENOUGH);
                    assertThat(score.recall()).as(label + " recall").isGreaterThanOrEqualTo(ENOUGH);
                });
    }
}
