package org.medbackup.core.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What bytes look like. */
class ContentLookTest {

    private static final String TEXT = "MSH|^~\\&|LAB|HOSP|EHR|HOSP|20260301||ORU^R01|7|P|2.5\r";

    private static byte[] noise(long seed, int length) {
        // A generator of our own: splitmix64, as the corpus uses it.
        byte[] bytes = new byte[length];
        long state = seed;
        for (int i = 0; i < length; i++) {
            state += 0x9e3779b97f4a7c15L;
            long z = (state ^ state >>> 30) * 0xbf58476d1ce4e5b9L;
            z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
            bytes[i] = (byte) (z ^ z >>> 31);
        }
        return bytes;
    }

    private static byte[] text(int length) {
        return Arrays.copyOf(TEXT.repeat(1 + length / TEXT.length()).getBytes(StandardCharsets.ISO_8859_1), length);
    }

    private static FileKind kind(byte[] bytes) {
        return ContentLook.of(bytes, 0, bytes.length);
    }

    @ParameterizedTest
    @ValueSource(ints = {256, 300, 700, 1024, 4096, 5000, 9000, 70_000})
    void noiseLooksRandomInAlmostEveryCaseAndTextNever(int length) {
        int random = 0;
        for (int seed = 0; seed < 2000; seed++) {
            random += kind(noise(seed * 7919L, length)) == FileKind.RANDOM ? 1 : 0;
        }
        assertThat(random).isGreaterThanOrEqualTo(1990);
        assertThat(kind(text(length))).isEqualTo(FileKind.PLAIN);
        assertThat(kind(new byte[length])).isEqualTo(FileKind.PLAIN);
    }

    @Test
    void whatIsTooShortIsNotKnown() {
        assertThat(kind(noise(1, 255))).isEqualTo(FileKind.UNKNOWN);
        assertThat(kind(new byte[0])).isEqualTo(FileKind.UNKNOWN);
    }

    @Test
    void everyOtherBlockMakesItMixed() {
        byte[] bytes = text(64 << 10);
        for (int at = 0; at < bytes.length; at += 8192) {
            System.arraycopy(noise(at, 4096), 0, bytes, at, 4096);
        }
        assertThat(kind(bytes)).isEqualTo(FileKind.MIXED);
    }

    @ParameterizedTest
    @CsvSource({
        "PDF,255044462d312e37",
        "ZIP,504b0304",
        "ZIP,504b0506",
        "GZIP,1f8b08",
        "XZ,fd377a585a00",
        "ZSTD,28b52ffd",
        "BZIP2,425a68",
        "LZ4,04224d18",
        "SEVEN_ZIP,377abcaf271c",
        "RAR,526172211a07",
        "JPEG,ffd8ff",
        "JPEG_2000,0000000c6a502020",
        "JPEG_2000,ff4fff51",
        "PNG,89504e470d0a",
        "GIF,47494638",
        "TIFF,49492a00",
        "TIFF,4d4d002a",
        "RIFF,52494646",
        "ISO_MEDIA,0000002066747970",
        "SQLITE,53514c69746520666f726d6174203300",
        "ELF,7f454c46",
        "OLE,d0cf11e0a1b1",
        "SEALED,53616c7465645f5f",
        "OGG,4f676753",
        "MP3,494433"
    })
    void formatsAreKnownByTheirMagicNumbersWhateverFollows(FileKind kind, String magic) {
        byte[] head = java.util.HexFormat.of().parseHex(magic);
        byte[] bytes = noise(3, 6000);
        System.arraycopy(head, 0, bytes, 0, head.length);
        assertThat(kind(bytes)).isEqualTo(kind);
        assertThat(kind(head)).isEqualTo(kind);
        assertThat(kind.isKnownByMagic()).isTrue();
    }

    @Test
    void imagesOfRadiologyAndPagesOfPostgresAreKnownBehindTheirBeginning() {
        byte[] image = noise(4, 4000);
        System.arraycopy("DICM".getBytes(StandardCharsets.US_ASCII), 0, image, 128, 4);
        byte[] page = new byte[8192];
        page[12] = 40;
        page[15] = 0x1f;
        page[17] = 0x20;
        page[18] = 4;
        page[19] = 0x20;
        assertThat(kind(image)).isEqualTo(FileKind.DICOM);
        assertThat(kind(page)).isEqualTo(FileKind.POSTGRES_PAGE);
        page[12] = 2;
        assertThat(kind(page)).isEqualTo(FileKind.PLAIN);
    }

    @Test
    void chiSquareTellsNoiseFromText() {
        assertThat(Randomness.chiSquare(noise(5, 1 << 16), 0, 1 << 16)).isBetween(145.0, 375.0);
        assertThat(Randomness.chiSquare(text(1 << 16), 0, 1 << 16)).isGreaterThan(100_000);
    }

    @Test
    void whatWasOrdinaryIsLostInNoiseAndWhatWasNoiseIsNot() {
        assertThat(FileKind.PDF.isLostIn(FileKind.RANDOM)).isTrue();
        assertThat(FileKind.PLAIN.isLostIn(FileKind.MIXED)).isTrue();
        assertThat(FileKind.PDF.isLostIn(FileKind.PLAIN)).isFalse();
        assertThat(FileKind.RANDOM.isLostIn(FileKind.RANDOM)).isFalse();
        assertThat(FileKind.UNKNOWN.isLostIn(FileKind.RANDOM)).isFalse();
        assertThat(FileKind.RANDOM.isOrdinary()).isFalse();
    }

    @Test
    void namesPromiseByTheirEnds() {
        assertThat(FileKind.promisedBy("a/b/Letter.PDF")).contains(FileKind.PDF);
        assertThat(FileKind.promisedBy("visits.ndjson")).contains(FileKind.PLAIN);
        assertThat(FileKind.promisedBy(".pdf")).isEmpty();
        assertThat(FileKind.promisedBy("a.pdf/file")).isEmpty();
        assertThat(FileKind.of(FileKind.PLAIN.number())).isEqualTo(FileKind.PLAIN);
        assertThat(FileKind.of(200)).isEqualTo(FileKind.UNKNOWN);
        assertThat(FileKind.values()).as("five bits remember one").hasSizeLessThanOrEqualTo(32);
    }

    @Test
    void whatWasMeasuredIsReadAsItWasWritten() {
        var signs = new SourceSigns(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, true);
        assertThat(SourceSigns.parse(signs.text())).contains(signs);
        assertThat(SourceSigns.parse(signs.text() + " 99")).contains(signs);
        assertThat(SourceSigns.parse("1 2")).isEmpty();
        assertThat(SourceSigns.parse("x")).isEmpty();
        var evidence = signs.with(new TreeMap<>());
        assertThat(SourceSigns.in(evidence)).contains(signs);
        assertThat(SourceSigns.in(new TreeMap<>())).isEmpty();
    }
}
