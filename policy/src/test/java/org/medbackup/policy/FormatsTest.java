package org.medbackup.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.medbackup.policy.Heads.bytes;
import static org.medbackup.policy.Heads.zeros;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each format is known by its first bytes, whatever the file is called. */
class FormatsTest {

    private static final String ADT =
            "MSH|^~\\&|ADT|HOSP|LAB|HOSP|202603011200||ADT^A01|1|P|2.5\rPID|1||123456^^^H^MR||DOE^JANE";
    private static final String X12 =
            "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260301*1200*^*00501"
                    + "*000000001*0*P*:~GS*HC*S*R*20260301*1200*1*X*005010X222A1~ST*837*0001*005010X222A1~";

    static Stream<Arguments> binaries() {
        return Stream.of(
                Arguments.of(DataKind.PDF, bytes("%PDF-1.7\n", 0xE2, 0xE3)),
                Arguments.of(DataKind.PDF, bytes(0, 1, 2, 3, "junk", "%PDF-1.4\n")),
                Arguments.of(DataKind.OFFICE, bytes(0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, zeros(40))),
                Arguments.of(DataKind.OFFICE, zip("[Content_Types].xml", "")),
                Arguments.of(DataKind.OFFICE, zip("word/document.xml", "")),
                Arguments.of(DataKind.OFFICE, zip("mimetype", "application/vnd.oasis.opendocument.text")),
                Arguments.of(DataKind.OFFICE, bytes("{\\rtf1\\ansi hello}")),
                Arguments.of(DataKind.ARCHIVE, zip("META-INF/MANIFEST.MF", "")),
                Arguments.of(DataKind.ARCHIVE, zip("mimetype", "application/epub+zip")),
                Arguments.of(DataKind.ARCHIVE, bytes("PK", 5, 6, zeros(18))),
                Arguments.of(DataKind.ARCHIVE, bytes(0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C)),
                Arguments.of(DataKind.ARCHIVE, bytes("Rar!", 0x1A, 0x07, 0)),
                Arguments.of(DataKind.ARCHIVE, bytes("BZh9", 0x31, 0x41, 0x59, 0x26, 0x53, 0x59)),
                Arguments.of(DataKind.ARCHIVE, bytes(0xFD, "7zXZ", 0, 0)),
                Arguments.of(DataKind.ARCHIVE, bytes(0x28, 0xB5, 0x2F, 0xFD, 4)),
                Arguments.of(DataKind.ARCHIVE, bytes(0x04, 0x22, 0x4D, 0x18, 0x64)),
                Arguments.of(DataKind.ARCHIVE, bytes(0xED, 0xAB, 0xEE, 0xDB, 3)),
                Arguments.of(DataKind.ARCHIVE, bytes(0x1F, 0x9D, 0x90, 0)),
                Arguments.of(DataKind.ARCHIVE, bytes("LZIP", 1, 0x0C)),
                Arguments.of(DataKind.ARCHIVE, bytes("MSCF", 0, 0, 0, 0)),
                Arguments.of(DataKind.ARCHIVE, bytes("!<arch>\n", "debian-binary")),
                Arguments.of(DataKind.ARCHIVE, bytes("070701", "00000001")),
                Arguments.of(DataKind.ARCHIVE, bytes("letter.txt", zeros(247), "ustar", 0, "00")),
                Arguments.of(DataKind.ARCHIVE, oldTar()),
                Arguments.of(DataKind.IMAGE, bytes(0xFF, 0xD8, 0xFF, 0xE0)),
                Arguments.of(DataKind.IMAGE, bytes(0xFF, 0x4F, 0xFF, 0x51)),
                Arguments.of(DataKind.IMAGE, bytes(0x89, "PNG", 13, 10, 26, 10)),
                Arguments.of(DataKind.IMAGE, bytes("GIF89a", 1, 0)),
                Arguments.of(DataKind.IMAGE, bytes("II", 42, 0, 8, 0, 0, 0)),
                Arguments.of(DataKind.IMAGE, bytes("MM", 0, 42, 0, 0, 0, 8)),
                Arguments.of(DataKind.IMAGE, bytes("BM", 9, 9, 0, 0, zeros(8), 40, 0, 0, 0)),
                Arguments.of(DataKind.IMAGE, bytes("RIFF", 9, 9, 0, 0, "WEBPVP8 ")),
                Arguments.of(DataKind.IMAGE, bytes(0, 0, 0, 12, "jP  ", 13, 10)),
                Arguments.of(DataKind.IMAGE, bytes(0, 0, 0, 24, "ftypheic")),
                Arguments.of(DataKind.IMAGE, bytes(0, 0, 1, 0, 2, 0, 32, 32, 0, 0)),
                Arguments.of(DataKind.IMAGE, bytes("8BPS", 0, 1)),
                Arguments.of(DataKind.IMAGE, bytes("P5\n640 480\n255\n", 0x80, 0, 0x81)),
                Arguments.of(DataKind.IMAGE, bytes(1, 0x5C, zeros(342), "n+1", 0)),
                Arguments.of(
                        DataKind.IMAGE, bytes("<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>")),
                Arguments.of(DataKind.DATABASE, bytes("SQLite format 3", 0, 16, 0)),
                Arguments.of(DataKind.DATABASE, bytes("PGDMP", 1, 14, 0)),
                Arguments.of(DataKind.DATABASE, bytes("TAPE", 0, 0, 3, 0)),
                Arguments.of(DataKind.DATABASE, bytes(0, 1, 0, 0, "Standard ACE DB", 0)),
                Arguments.of(DataKind.DATABASE, bytes(0x41, 0xD8, 1, 0, 1, 0, 0, 0)),
                Arguments.of(DataKind.DATABASE, bytes(40, 0, 0, 0, 7, "_id", 0, zeros(12))),
                Arguments.of(DataKind.DATABASE, bytes(zeros(12), 0x62, 0x31, 5, 0, zeros(8))),
                Arguments.of(DataKind.DATABASE, bytes(1, 15, zeros(34), 1, 0, zeros(60))),
                Arguments.of(DataKind.DATABASE, bytes(0, 0xA2, zeros(26), 0x7D, 0x7C, 0x7B, 0x7A)),
                Arguments.of(DataKind.DATABASE, heapPage()),
                Arguments.of(DataKind.DATABASE, tablespace()),
                Arguments.of(DataKind.DATABASE, logSegment()),
                Arguments.of(DataKind.DATABASE, bytes("--\n-- PostgreSQL database dump\n--\nSET x = 1;\n")),
                Arguments.of(DataKind.OTHER, bytes(0x7F, "ELF", 2, 1, 1, 0)),
                Arguments.of(DataKind.OTHER, bytes("MZ", 0x90, 0, 3, 0)),
                Arguments.of(DataKind.OTHER, bytes(0xCA, 0xFE, 0xBA, 0xBE, 0, 0)),
                Arguments.of(DataKind.OTHER, bytes(0xCF, 0xFA, 0xED, 0xFE, 7, 0)),
                Arguments.of(DataKind.OTHER, bytes(0xCB, 0x0D, "\r\n", 0, 0)),
                Arguments.of(DataKind.OTHER, bytes(0, "asm", 1, 0)),
                Arguments.of(DataKind.OTHER, bytes(0, 1, 0, 0, 0, 12, 0, 1)),
                Arguments.of(DataKind.OTHER, bytes("wOF2", 0, 1)),
                Arguments.of(DataKind.OTHER, bytes("Salted__", 1, 2, 3, 0)),
                Arguments.of(DataKind.OTHER, bytes("LUKS", 0xBA, 0xBE, 0, 2)),
                Arguments.of(DataKind.OTHER, bytes(3, 0xD9, 0xA2, 0x9A, 0x67)));
    }

    private static byte[] zip(String first, String content) {
        return bytes("PK", 3, 4, zeros(14), zeros(8), first.length(), 0, 0, 0, first, content, zeros(8));
    }

    private static byte[] oldTar() {
        byte[] block = bytes("letter.txt", zeros(502));
        System.arraycopy("0000644".getBytes(StandardCharsets.US_ASCII), 0, block, 100, 7);
        long sum = 8 * ' ';
        for (byte each : block) {
            sum += each;
        }
        byte[] said = String.format(java.util.Locale.ROOT, "%06o", sum).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(said, 0, block, 148, 6);
        return block;
    }

    private static byte[] heapPage() {
        return bytes(zeros(8), 0x34, 0x12, 4, 0, 28, 0, 0, 0x1F, 0, 0x20, 4, 0x20, zeros(40));
    }

    private static byte[] tablespace() {
        return bytes(
                9, 9, 9, 9, 0, 0, 0, 0, 0, 1, 0xFF, 0, 0, 0, 0, 0, zeros(8), 0, 8, zeros(8), 0, 0, 0, 7, 0, 0, 0, 7,
                zeros(40));
    }

    private static byte[] logSegment() {
        return bytes(0x13, 0xD1, 2, 0, zeros(28), 0, 0, 0, 1, 0, 0x20, 0, 0, zeros(8));
    }

    @ParameterizedTest
    @MethodSource("binaries")
    void aFormatIsKnownByItsFirstBytes(DataKind kind, byte[] head) {
        assertThat(Heads.of(head).kind()).isEqualTo(kind);
    }

    @Test
    void whatNobodyCanLookIntoCountsAsPatientDataAndAProgramDoesNot() {
        assertThat(Heads.of(bytes(0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C)).finding(Label.PHI))
                .hasValueSatisfying(found -> assertThat(found.reason()).isEqualTo(Reason.OPAQUE));
        assertThat(Heads.of(bytes("Salted__", 1, 2, 3, 0)).finding(Label.PHI))
                .hasValueSatisfying(found -> assertThat(found.reason()).isEqualTo(Reason.ENCRYPTED));
        assertThat(Heads.of(bytes(9, 0, 8, 0, 7, 0, 200, 201)).sensitivity()).isEqualTo(Sensitivity.PHI);
        assertThat(Heads.of(bytes(0x7F, "ELF", 2, 1, 1, 0)).sensitivity()).isEqualTo(Sensitivity.INTERNAL);
        Classifier classifier = Classifier.builtIn();
        Classification unread = classifier.classify(Heads.facts("/srv/a", 100), java.nio.ByteBuffer.allocate(0));
        assertThat(unread.finding(Label.PHI))
                .hasValueSatisfying(found -> assertThat(found.reason()).isEqualTo(Reason.UNREADABLE));
        Classification empty = classifier.classify(Heads.facts("/srv/a", 0), java.nio.ByteBuffer.allocate(0));
        assertThat(empty.findings()).isEmpty();
        assertThat(Heads.of(bytes(1, 2)).kind()).isEqualTo(DataKind.OTHER);
    }

    @Test
    void moreThanTheHeadIsNotLookedAtAndThePositionOfTheBufferStays() {
        var long4 = java.nio.ByteBuffer.wrap((" ".repeat(5000) + ADT).getBytes(StandardCharsets.UTF_8));

        Classification found = Classifier.builtIn().classify(Heads.facts("/srv/a", 5100), long4);

        assertThat(found.kind()).isEqualTo(DataKind.TEXT);
        assertThat(long4.position()).isZero();
    }

    static Stream<byte[]> messages() {
        return Stream.of(
                ADT.getBytes(StandardCharsets.US_ASCII),
                ("\u000B" + ADT + "\u001C\r").getBytes(StandardCharsets.US_ASCII),
                ("\r\n " + ADT).getBytes(StandardCharsets.US_ASCII),
                ("\uFEFF" + ADT).getBytes(StandardCharsets.UTF_8),
                ("\uFEFF" + ADT).getBytes(StandardCharsets.UTF_16LE),
                ("\uFEFF" + ADT).getBytes(StandardCharsets.UTF_16BE),
                ADT.getBytes(StandardCharsets.UTF_16LE),
                ADT.getBytes(StandardCharsets.UTF_16BE),
                ADT.getBytes(Charset.forName("IBM037")),
                ADT.replace('|', '#').replace("^~\\&", "*~\\&").getBytes(StandardCharsets.US_ASCII),
                ("FHS|^~\\&|A|B\rBHS|^~\\&|A|B\r" + ADT).getBytes(StandardCharsets.US_ASCII),
                ADT.replace("^~\\&|ADT", "^~\\&#|ADT").getBytes(StandardCharsets.US_ASCII),
                ADT.substring(0, 30).getBytes(StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void aMessageOfHl7IsKnownInEveryEncodingAndFrame(byte[] message) {
        assertThat(Heads.of(message)).satisfies(found -> {
            assertThat(found.kind()).isEqualTo(DataKind.HL7V2);
            assertThat(found.has(Label.PHI)).isTrue();
        });
    }

    @Test
    void messagesAboutMasterFilesAndAcknowledgementsNameNoPatient() {
        String header = "MSH|^~\\&|A|B|C|D|202603011200||%s|1|P|2.5\rMSA|AA|1";

        assertThat(Heads.of(header.formatted("ACK")).sensitivity()).isEqualTo(Sensitivity.INTERNAL);
        assertThat(Heads.of(header.formatted("MFN^M02")).sensitivity()).isEqualTo(Sensitivity.INTERNAL);
        assertThat(Heads.of(header.formatted("SIU^S12")).sensitivity()).isEqualTo(Sensitivity.PHI);
        assertThat(Heads.of(header.formatted("ACK") + "\rPID|1||7").has(Label.PHI))
                .isTrue();
        assertThat(Heads.of("FHS|^~\\&|A|B\r").has(Label.PHI))
                .as("what comes may")
                .isTrue();
    }

    @Test
    void whatOnlyLooksLikeAMessageIsText() {
        for (String text : List.of(
                "MSHA files are kept here",
                "MSH is a header",
                "MSH|",
                "MSH||||||||",
                "MSHXabcdX",
                "ISA has no end",
                "ISA*00*x",
                "ISA-00-aaaaaaaaa-00-bbbbbbbbbb")) {
            assertThat(Heads.of(text).kind()).as(text).isEqualTo(DataKind.TEXT);
        }
    }

    @Test
    void anInterchangeOfX12IsKnownAndAcknowledgementsNameNobody() {
        assertThat(Heads.of(X12).kind()).isEqualTo(DataKind.X12);
        assertThat(Heads.of(X12).finding(Label.PHI))
                .hasValueSatisfying(found -> assertThat(found.reason()).isEqualTo(Reason.X12_HEALTH));
        assertThat(Heads.of("\r\n" + X12.replace("~", "~\r\n")).has(Label.PHI)).isTrue();
        assertThat(Heads.of(X12.getBytes(Charset.forName("IBM037"))).kind()).isEqualTo(DataKind.X12);
        assertThat(Heads.of(X12.replace('*', '|')).kind()).isEqualTo(DataKind.X12);
        assertThat(Heads.of(X12.replace("ST*837", "ST*999")).sensitivity()).isEqualTo(Sensitivity.INTERNAL);
        assertThat(Heads.of(X12.replace("ST*837", "ST*850")).sensitivity()).isEqualTo(Sensitivity.INTERNAL);
        assertThat(Heads.of(X12.substring(0, 60)).sensitivity()).isEqualTo(Sensitivity.PHI);
        assertThat(Heads.of(X12.substring(0, 106) + "TA1*000000001*260301*1200*A*000~IEA*0*1~")
                        .sensitivity())
                .isEqualTo(Sensitivity.INTERNAL);
    }

    @Test
    void resourcesOfFhirAreKnownByTheirType() {
        assertThat(Heads.of("{\"resourceType\": \"Patient\", \"id\": \"1\"}").finding(Label.PHI))
                .hasValueSatisfying(found -> assertThat(found.reason()).isEqualTo(Reason.FHIR_PATIENT));
        assertThat(Heads.of("{\"id\":\"1\",\"resourceType\":\"Observation\"}\n{\"resourceType\":\"Observation\"}")
                        .kind())
                .isEqualTo(DataKind.FHIR);
        assertThat(Heads.of("{\"resourceType\":\"ValueSet\"}").sensitivity()).isEqualTo(Sensitivity.PUBLIC);
        assertThat(Heads.of("{\"resourceType\":\"Organization\"}").sensitivity())
                .isEqualTo(Sensitivity.INTERNAL);
        assertThat(Heads.of("{\"resourceType\":\"ResearchStudy\"}").has(Label.RESEARCH))
                .isTrue();
        assertThat(Heads.of(
                                "{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":{\"resourceType\":\"CodeSystem\"}}]}")
                        .sensitivity())
                .isEqualTo(Sensitivity.PUBLIC);
        assertThat(Heads.of("{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":{\"resourceType\":\"Patient\"}}]}")
                        .sensitivity())
                .isEqualTo(Sensitivity.PHI);
        assertThat(Heads.of("<Patient xmlns=\"http://hl7.org/fhir\"><id value=\"1\"/></Patient>")
                        .has(Label.PHI))
                .isTrue();
        assertThat(Heads.of("<?xml version='1.0'?><!-- x --><f:Bundle xmlns:f='http://hl7.org/fhir'><entry><resource>"
                                + "<CodeSystem/></resource></entry></f:Bundle>")
                        .sensitivity())
                .isEqualTo(Sensitivity.PUBLIC);
        assertThat(Heads.of("{\"entry\":[{\"fullUrl\":\"urn:uuid:1\",\"resource\":{\"extension\":[{\"url\":"
                                + "\"http://hl7.org/fhir/us/core\"}]}}]}")
                        .kind())
                .as("its type may come after what is seen")
                .isEqualTo(DataKind.FHIR);
        for (String other : List.of(
                "{\"resourceType\":\"Microsoft.Compute/disks\"}",
                "{\"resourceType\": 7}",
                "{\"resourceType\":\"Pati",
                "resourceType: Patient",
                "<Patient xmlns=\"urn:mine\"/>",
                "{}",
                "[",
                "<a",
                "<!DOCTYPE html>",
                "< >")) {
            assertThat(Heads.of(other).kind()).as(other).isEqualTo(DataKind.TEXT);
        }
    }

    @Test
    void documentsAndPartsOfCdaAreKnown() {
        assertThat(Heads.of(
                                "<?xml version=\"1.0\"?><?xml-stylesheet href=\"a\"?><ClinicalDocument xmlns=\"urn:hl7-org:v3\">")
                        .finding(Label.PHI))
                .hasValueSatisfying(found -> assertThat(found.reason()).isEqualTo(Reason.CDA_PATIENT));
        assertThat(Heads.of("<section><templateId root=\"2.16.840.1.113883.10.20.22.2.6.1\"/></section>")
                        .kind())
                .isEqualTo(DataKind.CCDA);
        assertThat(Heads.of("<section><title>Chapter 1</title></section>").kind())
                .isEqualTo(DataKind.TEXT);
    }

    @Test
    void dicomIsKnownWithAndWithoutItsPreambleInEitherOrderOfBytes() {
        byte[] set = bytes(
                8, 0, 5, 0, "CS", 10, 0, "ISO_IR 100", 8, 0, 0x16, 0, "UI", 26, 0, "1.2.840.10008.5.1.4.1.1.2", 0);
        byte[] implicit = bytes(
                8, 0, 5, 0, 10, 0, 0, 0, "ISO_IR 100", 8, 0, 0x16, 0, 26, 0, 0, 0, "1.2.840.10008.5.1.4.1.1.2", 0);
        byte[] big = bytes(
                0, 8, 0, 5, "CS", 0, 10, "ISO_IR 100", 0, 8, 0, 0x16, "UI", 0, 26, "1.2.840.10008.5.1.4.1.1.2", 0);

        for (byte[] each : List.of(bytes(zeros(128), "DICM", set), set, implicit, big)) {
            assertThat(Heads.of(each).kind()).isEqualTo(DataKind.DICOM);
            assertThat(Heads.of(each).has(Label.PHI)).isTrue();
        }
        assertThat(Heads.of(bytes(8, 0, 5, 0, "CS", 10, 0, "ISO_IR 100", 7, 0, 0x16, 0, "UI", 2, 0, "1."))
                        .kind())
                .as("two elements that do not follow each other")
                .isEqualTo(DataKind.OTHER);
    }

    @Test
    void dicomWithoutAnIdentityIsResearch() {
        byte[] removed = bytes(
                zeros(128),
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
                6,
                0,
                "UN",
                0,
                0,
                2,
                0,
                0,
                0,
                "xy",
                0x10,
                0,
                0x10,
                0,
                "PN",
                4,
                0,
                "ANON",
                0x12,
                0,
                0x62,
                0,
                "CS",
                4,
                0,
                "YES ");

        assertThat(Heads.of(removed).finding(Label.RESEARCH))
                .hasValueSatisfying(found -> assertThat(found.reason()).isEqualTo(Reason.DICOM_IDENTITY_REMOVED));
        assertThat(Heads.of(removed).has(Label.PHI)).isFalse();
        byte[] kept = new String(removed, StandardCharsets.ISO_8859_1)
                .replace("YES ", "NO  ")
                .getBytes(StandardCharsets.ISO_8859_1);
        assertThat(Heads.of(kept).has(Label.PHI)).isTrue();
    }

    @Test
    void whatWasPackedByGzipIsLookedIntoAndStaysAnArchive() {
        assertThat(Heads.of(Heads.gzipped(ADT.getBytes(StandardCharsets.US_ASCII))))
                .satisfies(found -> {
                    assertThat(found.kind()).isEqualTo(DataKind.ARCHIVE);
                    assertThat(found.finding(Label.PHI))
                            .hasValueSatisfying(
                                    label -> assertThat(label.reason()).isEqualTo(Reason.HL7_PATIENT));
                });
        assertThat(Heads.of(Heads.gzipped("A manual page of a program.".getBytes(StandardCharsets.US_ASCII)))
                        .sensitivity())
                .isEqualTo(Sensitivity.INTERNAL);
        byte[] named = Heads.gzipped(ADT.getBytes(StandardCharsets.US_ASCII));
        byte[] withName = bytes(
                0x1F,
                0x8B,
                8,
                8 | 4 | 16 | 2,
                zeros(6),
                2,
                0,
                "xx",
                "letter.hl7",
                0,
                "note",
                0,
                1,
                2,
                java.util.Arrays.copyOfRange(named, 10, named.length));
        assertThat(Heads.of(withName).has(Label.PHI)).isTrue();
        assertThat(Heads.of(withName).finding(Label.PHI).orElseThrow().reason()).isEqualTo(Reason.HL7_PATIENT);
        assertThat(Heads.of(bytes(0x1F, 0x8B, 8, 0, zeros(6), 0xFF, 0xFF, 0xFF)).finding(Label.PHI))
                .as("damaged")
                .hasValueSatisfying(found -> assertThat(found.reason()).isEqualTo(Reason.OPAQUE));
        assertThat(Heads.of(bytes(0x1F, 0x8B, 8, 8, zeros(6), "name without an end"))
                        .has(Label.PHI))
                .isTrue();
    }

    @Test
    void studyDataIsResearch() {
        assertThat(Heads.of("HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!000000")
                        .has(Label.RESEARCH))
                .isTrue();
        assertThat(Heads.of("<ODM xmlns=\"http://www.cdisc.org/ns/odm/v1.3\" FileType=\"Snapshot\"/>")
                        .has(Label.RESEARCH))
                .isTrue();
        assertThat(Heads.of("<ODM/>").findings()).isEmpty();
    }

    @Test
    void everyReasonIsInWordsAndSaysNothingOfTheFile() {
        for (Reason each : Reason.values()) {
            assertThat(each.text()).isNotBlank().hasSizeLessThan(90);
        }
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> new LabelFinding(Label.PHI, 0, Reason.OPAQUE)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
