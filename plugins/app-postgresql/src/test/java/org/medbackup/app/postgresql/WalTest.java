package org.medbackup.app.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

class WalTest {

    private static final int SIZE = 1 << 20;
    private static final long IDENTIFIER = -17;

    @TempDir
    Path folder;

    private FolderSink sink = new FolderSink(Path.of("/absent"));

    @BeforeEach
    void open() {
        sink = new FolderSink(folder.resolve("restored"));
    }

    @ParameterizedTest
    @CsvSource({"0/0, 0", "16/B374D848, 97500059720", "FFFFFFFF/FFFFFFFF, -1"})
    void positionsAreWrittenInTwoHalves(String text, long value) {
        assertThat(Lsn.parse(text)).isEqualTo(new Lsn(value));
        assertThat(new Lsn(value)).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource({
        // start, stop, first and last segment of 16 MiB
        "0/2000028, 0/2000130, 000000010000000000000002, 000000010000000000000002",
        "0/2FFFFFF, 0/3000001, 000000010000000000000002, 000000010000000000000003",
        // a stop on a boundary: the last record ends with the segment before
        "0/2000028, 0/3000000, 000000010000000000000002, 000000010000000000000002",
        "0/FF000028, 1/1000100, 0000000100000000000000FF, 000000010000000100000001",
    })
    void namesTheSegmentsThatARangeNeeds(String start, String stop, String first, String last) {
        WalSegments segments = WalSegments.of(1, 16 << 20, Lsn.parse(start), Lsn.parse(stop));

        assertThat(segments.names().findFirst()).contains(first);
        assertThat(segments.names().reduce((a, b) -> b)).contains(last);
        assertThat(segments.names()).hasSize((int) segments.count());
        assertThat(segments.history()).isEqualTo("00000001.history");
    }

    @Test
    void smallSegmentsHaveNamesOfTheirOwn() {
        assertThat(WalSegments.of(10, SIZE, Lsn.parse("1/12345"), Lsn.parse("1/12346"))
                        .names())
                .containsExactly("0000000A0000000100000000");
    }

    @Test
    void handsOverEverySegmentAndTheHistory() throws IOException {
        var segments = new WalSegments(2, SIZE, 5, 6);
        segment(segments, 5, header -> header.putInt(4, 1));
        segment(segments, 6, header -> {});
        Files.writeString(folder.resolve("00000002.history"), "1\t0/3000000\tno recovery target specified\n");

        copy().handOver(segments, sink);

        assertThat(sink.order())
                .containsExactly(
                        "/wal/000000020000000000000005", "/wal/000000020000000000000006", "/wal/00000002.history");
    }

    @Test
    void theFirstTimelineHasNoHistory() throws IOException {
        var segments = new WalSegments(1, SIZE, 5, 5);
        segment(segments, 5, header -> {});

        copy().handOver(segments, sink);

        assertThat(sink.order()).hasSize(1);
    }

    @Test
    void aSegmentThatIsNotThereIsAGap() {
        requireGap(new WalSegments(1, SIZE, 5, 5), "not there");
    }

    @Test
    void aSegmentOfAnotherSizeIsAGap() throws IOException {
        var segments = new WalSegments(1, SIZE, 5, 5);
        Files.write(folder.resolve(segments.name(5)), new byte[100]);
        requireGap(segments, "size");
        Files.write(folder.resolve(segments.name(5)), new byte[10]);
        requireGap(segments, "size");
    }

    @Test
    void aSegmentOfSomethingElseIsAGap() throws IOException {
        requireGap(header -> header.putShort(0, (short) 0xD110), "of this version");
        requireGap(header -> header.putShort(2, (short) 0), "of this version");
        requireGap(header -> header.putInt(4, 3), "another timeline");
        requireGap(header -> header.putInt(4, 0), "another timeline");
        requireGap(header -> header.putLong(8, 7L * SIZE), "another segment");
        requireGap(header -> header.putLong(24, 18), "another cluster");
        requireGap(header -> header.putInt(32, 2 * SIZE), "another cluster");
    }

    @Test
    void aSegmentThatIsRecycledWhileItIsReadIsAGap() throws IOException {
        var segments = new WalSegments(1, SIZE, 5, 5);
        segment(segments, 5, header -> {});
        sink.after(path -> {
            try {
                segment(segments, 5, header -> header.putLong(8, 99L * SIZE));
            } catch (IOException failed) {
                throw new AssertionError(failed);
            }
        });

        requireGap(segments, "another segment");
    }

    private void requireGap(Consumer<ByteBuffer> change, String why) throws IOException {
        var segments = new WalSegments(2, SIZE, 5, 5);
        segment(segments, 5, change);
        requireGap(segments, why);
    }

    private void requireGap(WalSegments segments, String why) {
        assertThatThrownBy(() -> copy().handOver(segments, sink))
                .isInstanceOfSatisfying(BackupException.class, gap -> {
                    assertThat(gap.code()).isEqualTo(ErrorCode.APPLICATION_LOG_GAP);
                    assertThat(gap.context()).containsEntry("segment", segments.name(5));
                })
                .hasMessageContaining(why);
    }

    private WalCopy copy() {
        return new WalCopy(folder, PathBytes.of("/wal"), 18, Long.toUnsignedString(IDENTIFIER));
    }

    private void segment(WalSegments segments, long number, Consumer<ByteBuffer> change) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(SIZE).order(ByteOrder.nativeOrder());
        header.putShort(0, (short) 0xD118);
        header.putShort(2, (short) 2);
        header.putInt(4, segments.timeline());
        header.putLong(8, number * SIZE);
        header.putLong(24, IDENTIFIER);
        header.putInt(32, SIZE);
        change.accept(header);
        Files.write(folder.resolve(segments.name(number)), header.array());
    }
}
