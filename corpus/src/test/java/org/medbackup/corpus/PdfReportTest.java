package org.medbackup.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PdfReportTest {

    static LongStream seeds() {
        return Seeds.of(50);
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void theTableOfAReportPointsAtItsObjects(long seed) {
        String file =
                latin(ClinicalDocuments.of(seed).document(DocumentKind.PDF, 6).content());

        assertThat(file).startsWith("%PDF-1.4\n").endsWith("\n%%EOF\n");
        int start = Integer.parseInt(group("startxref\n([0-9]+)\n%%EOF", file));
        assertThat(file.substring(start)).startsWith("xref\n0 6\n0000000000 65535 f \n");
        for (int object = 1; object <= 5; object++) {
            String row = file.substring(start + 9 + 20 * object, start + 9 + 20 * (object + 1));
            assertThat(row).matches("[0-9]{10} 00000 n \n");
            assertThat(file.substring(Integer.parseInt(row.substring(0, 10)))).startsWith(object + " 0 obj\n");
        }
        assertThat(file).contains("trailer\n<< /Size 6 /Root 1 0 R >>");
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void theStreamHasTheLengthItSaysAndItsParenthesesAreEscaped(long seed) {
        String file =
                latin(ClinicalDocuments.of(seed).document(DocumentKind.PDF, 6).content());

        int length = Integer.parseInt(group("/Length ([0-9]+) >>", file));
        int begin = file.indexOf("stream\n") + "stream\n".length();
        assertThat(file.substring(begin + length)).startsWith("\nendstream\n");
        String content = file.substring(begin, begin + length);
        assertThat(content.lines().filter(line -> line.startsWith("(")))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(
                                line.replace("\\\\", "").replace("\\(", "").replace("\\)", ""))
                        .matches("\\([^()\\\\]*\\) Tj T\\*"));
    }

    @Test
    void aTextCanHoldWhatWouldEndIt() {
        String file = latin(PdfReport.of(List.of("a (b) \\ c")));

        assertThat(file).contains("(a \\(b\\) \\\\ c) Tj");
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static String group(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }
}
