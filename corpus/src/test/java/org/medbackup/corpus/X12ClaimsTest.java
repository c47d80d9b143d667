package org.medbackup.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class X12ClaimsTest {

    static LongStream seeds() {
        return Seeds.of(50);
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void claimsAddUpTheirServiceLines(long seed) {
        List<String[]> set = envelope(ClinicalDocuments.of(seed).document(DocumentKind.X12_837, 4), "HC", "837");

        assertThat(set.getFirst()[3]).isEqualTo("005010X222A1");
        var claimed = BigDecimal.ZERO;
        var serviced = BigDecimal.ZERO;
        for (String[] segment : set) {
            claimed = claimed.add("CLM".equals(segment[0]) ? new BigDecimal(segment[2]) : BigDecimal.ZERO);
            serviced = serviced.add("SV1".equals(segment[0]) ? new BigDecimal(segment[2]) : BigDecimal.ZERO);
        }
        assertThat(claimed).isEqualTo(serviced).isPositive();
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void levelsOfAClaimFileAreNumberedInARowUnderTheProvider(long seed) {
        List<String[]> set = envelope(ClinicalDocuments.of(seed).document(DocumentKind.X12_837, 4), "HC", "837");

        var levels = set.stream().filter(segment -> "HL".equals(segment[0])).toList();
        assertThat(levels).hasSizeGreaterThan(1);
        for (int i = 0; i < levels.size(); i++) {
            assertThat(levels.get(i)[1]).isEqualTo("" + (i + 1));
            assertThat(levels.get(i)[2]).isEqualTo(i == 0 ? "" : "1");
            assertThat(levels.get(i)[3]).isEqualTo(i == 0 ? "20" : "22");
        }
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void paymentsBalanceInEachLineEachClaimAndInAll(long seed) {
        List<String[]> set = envelope(ClinicalDocuments.of(seed).document(DocumentKind.X12_835, 4), "HP", "835");

        var paid = BigDecimal.ZERO;
        var open = new ArrayList<BigDecimal>();
        for (String[] segment : set) {
            switch (segment[0]) {
                case "CLP" -> paid = paid.add(new BigDecimal(segment[4]));
                case "SVC" -> open.add(new BigDecimal(segment[2]).subtract(new BigDecimal(segment[3])));
                case "CAS" -> open.add(open.removeLast().subtract(new BigDecimal(segment[3])));
                default -> {}
            }
        }
        assertThat(open).isNotEmpty().allMatch(rest -> rest.signum() == 0);
        assertThat(new BigDecimal(set.get(1)[2])).as("BPR02").isEqualTo(paid);
    }

    /** Checks the envelope strictly and gives the segments from ST to before SE. */
    private static List<String[]> envelope(Document document, String group, String set) {
        String text = new String(document.content(), StandardCharsets.US_ASCII);
        assertThat(text).doesNotContain("\uFFFD").endsWith("~");
        assertThat(text.substring(0, 106)).endsWith("*:~");
        List<String[]> segments = Arrays.stream(text.split("~"))
                .map(segment -> segment.split("\\*", -1))
                .toList();
        String[] interchange = segments.getFirst();
        assertThat(Arrays.stream(interchange).map(String::length))
                .containsExactly(3, 2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1);
        int last = segments.size() - 1;
        assertThat(segments.get(last)).containsExactly("IEA", "1", interchange[13]);
        assertThat(segments.get(1)).startsWith("GS", group);
        assertThat(segments.get(last - 1)).containsExactly("GE", "1", segments.get(1)[6]);
        assertThat(segments.get(2)).startsWith("ST", set, "0001");
        assertThat(segments.get(last - 2)).containsExactly("SE", "" + (last - 3), "0001");
        // Trailing empty elements and blank values are not allowed.
        assertThat(segments.subList(1, last)).noneMatch(segment -> segment[segment.length - 1].isBlank());
        return segments.subList(2, last - 2);
    }
}
