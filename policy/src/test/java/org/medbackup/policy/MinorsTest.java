package org.medbackup.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.PathBytes;
import org.medbackup.core.spi.place.FileFacts;
import org.medbackup.corpus.ClinicalDocuments;
import org.medbackup.corpus.DocumentKind;

/** Whether a file is about somebody who was under age when it was written, by the date of birth in its structure. */
class MinorsTest {

    private static final String WRITTEN = "2026-03-01";
    private static final String HL7 =
            "MSH|^~\\&|ADT|A|LAB|A|202603011200||ADT^A01|1|P|2.5\rPID|1||7^^^H||DOE^JANE||%s|F\r";
    private static final String FHIR = "{\"resourceType\": \"Patient\", \"id\": \"1\", \"birthDate\" : \"%s\"}";
    private static final String FHIR_XML =
            "<Patient xmlns=\"http://hl7.org/fhir\"><id value=\"1\"/><birthDate value='%s'/></Patient>";
    private static final String CDA =
            "<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><recordTarget><birthTime value=\"%s\"/></recordTarget></ClinicalDocument>";

    private static Classification written(byte[] content, String day) {
        Instant time = LocalDate.parse(day).atTime(13, 0).toInstant(ZoneOffset.UTC);
        var facts = new FileFacts(PathBytes.of("/srv/file"), content.length, time, 0, 0, 0);
        int length = Math.min(content.length, Classifier.HEAD);
        return Classifier.builtIn().classify(facts, ByteBuffer.wrap(content, 0, length));
    }

    private static boolean isMinor(String text) {
        return written(text.getBytes(StandardCharsets.UTF_8), WRITTEN).has(Label.MINOR);
    }

    @ParameterizedTest
    @ValueSource(strings = {HL7, FHIR, FHIR_XML, CDA})
    void theDayOfTheEighteenthBirthdayIsTheFirstOfAnAdult(String format) {
        String dash = format.contains("irth") && !format.equals(CDA) ? "-" : "";

        assertThat(isMinor(format.formatted("2008" + dash + "03" + dash + "01")))
                .isFalse();
        assertThat(isMinor(format.formatted("2008" + dash + "03" + dash + "02")))
                .isTrue();
        assertThat(isMinor(format.formatted("1961" + dash + "04" + dash + "02")))
                .isFalse();
    }

    @Test
    void whatSaysNoDateOfBirthIsOfNobodyUnderAge() {
        for (String none : List.of("", "00000000", "2008", "20081399", "unknown", "200803")) {
            assertThat(isMinor(HL7.formatted(none))).as(none).isFalse();
        }
        assertThat(isMinor("MSH|^~\\&|ADT|A|LAB|A|2026||ADT^A01|1|P|2.5\rPID|1||7"))
                .isFalse();
        assertThat(isMinor("MSH|^~\\&|ADT|A|LAB|A|2026||ADT^A01|1|P|2.5\rPID")).isFalse();
        assertThat(isMinor("MSH|^~\\&|ADT|A|LAB|A|2026||ADT^A01|1|P|2.5\rOBX|PID|1|2|3|4|5|20200101"))
                .isFalse();
        assertThat(isMinor("Patient MRN: 00482913 DOB: 2020-04-02"))
                .as("a text is not searched")
                .isFalse();
        assertThat(isMinor("{\"resourceType\": \"Patient\", \"birthDate\"")).isFalse();
    }

    @Test
    void oneChildAmongSeveralPatientsIsEnough() {
        String first = HL7.formatted("19610402");
        assertThat(isMinor(first + "PID|2||8^^^H||ROE^TIM||20200101|M\r")).isTrue();
    }

    @Test
    void aFileThatClaimsToBeOlderThanThePatientIsAChildsToo() {
        assertThat(written(FHIR.formatted("1961-04-02").getBytes(StandardCharsets.UTF_8), "1960-01-01")
                        .finding(Label.MINOR))
                .hasValueSatisfying(each -> {
                    assertThat(each.reason()).isEqualTo(Reason.BORN_LATELY);
                    assertThat(each.reason().text()).doesNotContain("1961");
                });
    }

    /** The corpus writes dates of birth in the ways of all formats; what the test finds in the text is true. */
    @ParameterizedTest
    @ValueSource(strings = {"HL7_ADT", "HL7_ORU", "FHIR_PATIENT", "CCDA", "X12_837", "DICOM"})
    void manyDocumentsAreJudgedByTheirDatesOfBirth(String name) {
        DocumentKind kind = DocumentKind.valueOf(name);
        ClinicalDocuments documents = ClinicalDocuments.of(2026).withImageBytes(8 << 10);
        int minors = 0;
        for (int number = 0; number < 200; number++) {
            byte[] content = documents.document(kind, number * 997).content();
            boolean expected = youngest(kind, content).plusYears(18).isAfter(LocalDate.parse(WRITTEN));
            assertThat(written(content, WRITTEN).has(Label.MINOR))
                    .as("%s %d", kind, number)
                    .isEqualTo(expected);
            minors += expected ? 1 : 0;
        }
        assertThat(minors).as("children among 200 patients").isBetween(10, 150);
    }

    private static LocalDate youngest(DocumentKind kind, byte[] content) {
        String head = new String(content, 0, Math.min(content.length, Classifier.HEAD), StandardCharsets.ISO_8859_1);
        Pattern born = Pattern.compile(
                switch (kind) {
                    case HL7_ADT, HL7_ORU -> "\rPID(?:\\|[^|\r]*){6}\\|(\\d{4})(\\d\\d)(\\d\\d)";
                    case FHIR_PATIENT -> "\"birthDate\": ?\"(\\d{4})-(\\d\\d)-(\\d\\d)\"";
                    case CCDA -> "birthTime value=\"(\\d{4})(\\d\\d)(\\d\\d)\"";
                    case X12_837 -> "DMG\\*D8\\*(\\d{4})(\\d\\d)(\\d\\d)";
                    default -> "\\x10\\x00\\x30\\x00DA\\x08\\x00(\\d{4})(\\d\\d)(\\d\\d)";
                });
        Matcher found = born.matcher(head);
        LocalDate youngest = LocalDate.MIN;
        while (found.find()) {
            LocalDate each = LocalDate.of(
                    Integer.parseInt(found.group(1)),
                    Integer.parseInt(found.group(2)),
                    Integer.parseInt(found.group(3)));
            youngest = each.isAfter(youngest) ? each : youngest;
        }
        assertThat(youngest).as("a date of birth in %s", kind).isAfter(LocalDate.MIN);
        return youngest;
    }
}
