package org.medbackup.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class Hl7MessageTest {

    static LongStream seeds() {
        return Seeds.of(50);
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void admissionsHaveTheSegmentsOfTheirStructureInOrder(long seed) {
        List<String[]> message = parse(ClinicalDocuments.of(seed).document(DocumentKind.HL7_ADT, 1));

        assertThat(message.stream().map(segment -> segment[0]).distinct())
                .containsExactly("MSH", "EVN", "PID", "NK1", "PV1", "OBX", "AL1", "DG1", "GT1", "IN1");
        assertThat(message.getFirst()[9]).isEqualTo("ADT^A01^ADT_A01");
        assertThat(find(message, "EVN")[1]).isEqualTo("A01");
        assertThat(find(message, "DG1")[3]).matches("[A-Z][0-9][0-9A-Z.]+\\^[^^|]+\\^I10");
        header(message);
        person(message);
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void resultsCarryNumbersWithUnitsAndRanges(long seed) {
        List<String[]> message = parse(ClinicalDocuments.of(seed).document(DocumentKind.HL7_ORU, 1));

        assertThat(message.stream().map(segment -> segment[0]).distinct())
                .containsExactly("MSH", "PID", "PV1", "ORC", "OBR", "OBX", "NTE");
        assertThat(message.getFirst()[9]).isEqualTo("ORU^R01^ORU_R01");
        assertThat(find(message, "OBR")[25]).isEqualTo("F");
        assertThat(find(message, "OBR")[2]).isEqualTo(find(message, "ORC")[2]);
        var results =
                message.stream().filter(segment -> "OBX".equals(segment[0])).toList();
        for (int i = 0; i < results.size(); i++) {
            String[] result = results.get(i);
            assertThat(result[1]).isEqualTo("" + (i + 1));
            assertThat(result[2]).isEqualTo("NM");
            assertThat(result[3]).matches("[0-9]+-[0-9]\\^[^^]+\\^LN");
            assertThat(result[5]).matches("[0-9]+(\\.[0-9]+)?");
            assertThat(result[7]).matches("[0-9.]+-[0-9.]+");
            assertThat(result[8]).matches("[LNH]");
            assertThat(result[14]).matches("2025[0-9]{10}");
        }
        header(message);
        person(message);
    }

    @Test
    void separatorsInTextAreEscapedAndComeBack() {
        String text = "a|b^c&d~e\\f é";

        assertThat(Hl7Message.escaped(text)).isEqualTo("a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f é");
        assertThat(unescaped(Hl7Message.escaped(text))).isEqualTo(text);
    }

    @Test
    void remarksWithSeparatorsOccurAndAreOneFieldStill() {
        var remarks = LongStream.range(0, 60)
                .mapToObj(seed -> parse(ClinicalDocuments.of(seed).document(DocumentKind.HL7_ORU, 0)))
                .flatMap(message -> message.stream().filter(segment -> "NTE".equals(segment[0])))
                .toList();

        assertThat(remarks).allSatisfy(segment -> assertThat(segment).hasSize(4));
        assertThat(remarks.stream().map(segment -> unescaped(segment[3]))).isSubsetOf(Words.SENTENCES);
        assertThat(remarks).anyMatch(segment -> segment[3].contains("\\F\\"));
    }

    private static void header(List<String[]> message) {
        String[] header = message.getFirst();
        assertThat(header).hasSize(19);
        assertThat(header[2]).isEqualTo("^~\\&");
        assertThat(header[7]).matches("2025[0-9]{10}\\+0000");
        assertThat(header[10]).isEqualTo("MB00000001");
        assertThat(header[11]).as("processing id: training").isEqualTo("T");
        assertThat(header[12]).isEqualTo("2.5.1");
        assertThat(header[18]).isEqualTo("UNICODE UTF-8");
    }

    private static void person(List<String[]> message) {
        String[] person = find(message, "PID");
        String[] number = person[3].split("~")[0].split("\\^");
        assertThat(number[0]).matches("[0-9]{7}");
        assertThat(number[1]).isEqualTo("" + Identifiers.luhn(number[0]));
        assertThat(number[2]).isEqualTo("M10");
        assertThat(person[7]).matches("[0-9]{8}");
        assertThat(person[8]).matches("[FMU]");
        assertThat(person[19]).matches("9[0-9]{8}");
        String[] doctor = find(message, "PV1")[7].split("\\^");
        assertThat(doctor[0]).matches("2[0-9]{9}");
        assertThat(doctor[12]).isEqualTo("NPI");
        assertThat(find(message, "PV1")[44]).matches("2025[0-9]{10}");
    }

    /** Fields by their number; the separator is the first of MSH. */
    private static List<String[]> parse(Document document) {
        String text = new String(document.content(), StandardCharsets.UTF_8);
        assertThat(text)
                .startsWith("MSH|^~\\&|")
                .endsWith("\r")
                .doesNotContain("\n")
                .doesNotContain("\r\r");
        return Arrays.stream(text.split("\r"))
                .map(segment -> segment.replaceFirst("^MSH\\|", "MSH|{separator}|"))
                .map(segment -> segment.split("\\|", -1))
                .toList();
    }

    private static String[] find(List<String[]> message, String name) {
        return message.stream()
                .filter(segment -> segment[0].equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String unescaped(String field) {
        return field.replace("\\F\\", "|")
                .replace("\\S\\", "^")
                .replace("\\T\\", "&")
                .replace("\\R\\", "~")
                .replace("\\E\\", "\\");
    }
}
