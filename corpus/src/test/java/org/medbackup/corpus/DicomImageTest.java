package org.medbackup.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DicomImageTest {

    private static final List<String> LONG_FORM = List.of("OB", "OW", "SQ", "UN", "UT");

    static LongStream seeds() {
        return Seeds.of(20);
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void aFileIsAPreambleAMetaGroupOfTheLengthItSaysAndADataSet(long seed) {
        byte[] file =
                ClinicalDocuments.of(seed).document(DocumentKind.DICOM, 61).content();

        assertThat(Arrays.copyOf(file, 128)).containsOnly(0);
        assertThat(new String(file, 128, 4, StandardCharsets.US_ASCII)).isEqualTo("DICM");
        Map<Integer, byte[]> elements = parse(file);
        assertThat(text(elements, 0x0002_0010)).isEqualTo("1.2.840.10008.1.2.1");
        assertThat(elements.get(0x0002_0001)).containsExactly(0, 1);
        assertThat(text(elements, 0x0002_0003)).isEqualTo(text(elements, 0x0008_0018));
        assertThat(text(elements, 0x0002_0002)).isEqualTo(text(elements, 0x0008_0016));
        for (int tag : new int[] {0x0002_0003, 0x0020_000d, 0x0020_000e}) {
            assertThat(text(elements, tag)).matches("2\\.25\\.[1-9][0-9]{0,38}").hasSizeLessThanOrEqualTo(64);
        }
        int rows = number(elements, 0x0028_0010);
        int columns = number(elements, 0x0028_0011);
        int bytes = number(elements, 0x0028_0100) / 8;
        assertThat(elements.get(0x7fe0_0010)).hasSize(rows * columns * bytes);
    }

    @Test
    void lengthOfTheMetaGroupReachesExactlyToTheDataSet() {
        ByteBuffer file = ByteBuffer.wrap(
                        ClinicalDocuments.of(1).document(DocumentKind.DICOM, 0).content())
                .order(ByteOrder.LITTLE_ENDIAN);

        int length = file.getInt(140);
        assertThat(file.getShort(144 + length))
                .as("first group after the meta group")
                .isEqualTo((short) 8);
    }

    @Test
    void pixelsHardlyCompressAndLookLikeAnImageThatBrightens() {
        byte[] pixels = value(
                parse(ClinicalDocuments.of(1)
                        .withImageBytes(2 << 20)
                        .document(DocumentKind.DICOM, 0)
                        .content()),
                0x7fe0_0010);

        assertThat(Digests.ratio(pixels)).isLessThan(1.03);
        assertThat(mean(pixels, 0, 50_000)).isLessThan(mean(pixels, pixels.length - 50_000, pixels.length) * 0.6);
    }

    @Test
    void imagesOfASeriesShareItsIdentifiersAndNothingElse() {
        var documents = ClinicalDocuments.of(1).withImageBytes(8 << 10);
        var first = parse(documents.document(DocumentKind.DICOM, 0).content());
        var same = parse(documents.document(DocumentKind.DICOM, 19).content());
        var nextSeries = parse(documents.document(DocumentKind.DICOM, 20).content());
        var nextStudy = parse(documents.document(DocumentKind.DICOM, 60).content());

        assertThat(text(first, 0x0020_000e)).isEqualTo(text(same, 0x0020_000e));
        assertThat(text(first, 0x0020_000d)).isEqualTo(text(nextSeries, 0x0020_000d));
        assertThat(text(first, 0x0010_0020)).isEqualTo(text(nextSeries, 0x0010_0020));
        assertThat(text(first, 0x0020_000e)).isNotEqualTo(text(nextSeries, 0x0020_000e));
        assertThat(text(first, 0x0020_000d)).isNotEqualTo(text(nextStudy, 0x0020_000d));
        var instances = new HashSet<String>();
        List.of(first, same, nextSeries, nextStudy).forEach(image -> instances.add(text(image, 0x0008_0018)));
        assertThat(instances).hasSize(4);
        assertThat(first.get(0x7fe0_0010)).isNotEqualTo(same.get(0x7fe0_0010));
    }

    @Test
    void stretchesOfAnImageAreThoseOfTheWhole() {
        var documents = ClinicalDocuments.of(3).withImageBytes(200_000);
        byte[] whole = documents.document(DocumentKind.DICOM, 5).content();
        DicomImage image = documents.dicom(5);
        int head = image.head().length;
        var stretch = new byte[4096];

        image.pixels(80_008, stretch, 0, stretch.length);

        assertThat(stretch).isEqualTo(Arrays.copyOfRange(whole, head + 80_008, head + 80_008 + 4096));
        assertThat(whole).hasSize((int) image.length());
    }

    /** Values by tag. Fails on a tag out of order, an odd length or a value that reaches beyond the end. */
    private static Map<Integer, byte[]> parse(byte[] file) {
        var elements = new TreeMap<Integer, byte[]>();
        var in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).position(132);
        int last = 0;
        while (in.hasRemaining()) {
            int tag = (in.getShort() & 0xffff) << 16 | in.getShort() & 0xffff;
            var type = new byte[2];
            in.get(type);
            boolean wide = LONG_FORM.contains(new String(type, StandardCharsets.US_ASCII));
            int length = wide ? in.position(in.position() + 2).getInt() : in.getShort() & 0xffff;
            assertThat(tag).isGreaterThan(last);
            assertThat(length).isEven();
            var value = new byte[length];
            in.get(value);
            elements.put(tag, value);
            last = tag;
        }
        return elements;
    }

    private static String text(Map<Integer, byte[]> elements, int tag) {
        return new String(value(elements, tag), StandardCharsets.UTF_8).replaceAll("[ \0]$", "");
    }

    private static int number(Map<Integer, byte[]> elements, int tag) {
        return ByteBuffer.wrap(value(elements, tag))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getShort()
                & 0xffff;
    }

    private static byte[] value(Map<Integer, byte[]> elements, int tag) {
        byte[] value = elements.get(tag);
        if (value == null) {
            throw new AssertionError("the element is missing: " + Integer.toHexString(tag));
        }
        return value;
    }

    private static double mean(byte[] pixels, int from, int end) {
        double sum = 0;
        for (int at = from; at < end; at += 2) {
            sum += (pixels[at + 1] & 0xff) << 8 | pixels[at] & 0xff;
        }
        return sum * 2 / (end - from);
    }
}
