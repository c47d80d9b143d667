package org.medbackup.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabasePagesTest {

    private static final int PAGE = DatabasePages.PAGE_BYTES;
    private final DatabasePages pages = DatabasePages.of(1);

    @TempDir
    Path folder;

    @Test
    void aPageReadsAsAHeapPageOfPostgresql() {
        ByteBuffer page = ByteBuffer.wrap(pages.page(70_000)).order(ByteOrder.LITTLE_ENDIAN);

        int lower = page.getShort(12);
        int upper = page.getShort(14);
        assertThat(page.getShort(16)).as("special").isEqualTo((short) PAGE);
        assertThat(page.getShort(18)).as("size and version").isEqualTo((short) (PAGE | 4));
        assertThat(lower).isGreaterThan(24).isLessThanOrEqualTo(upper);
        for (int pointer = 24, tuple = 1; pointer < lower; pointer += 4, tuple++) {
            int item = page.getInt(pointer);
            int offset = item & 0x7fff;
            int length = item >>> 17;
            assertThat(item >>> 15 & 3).as("LP_NORMAL").isEqualTo(1);
            assertThat(offset).isGreaterThanOrEqualTo(upper).isLessThanOrEqualTo(PAGE - length);
            assertThat(page.getShort(offset + 12) << 16 | page.getShort(offset + 14) & 0xffff)
                    .as("block of the ctid")
                    .isEqualTo(70_000);
            assertThat(page.getShort(offset + 16)).as("number of the ctid").isEqualTo((short) tuple);
            assertThat(page.get(offset + 22)).as("header size").isEqualTo((byte) 24);
        }
    }

    @Test
    void pagesCompressAboutThreeToOneAndAreAllDifferent() {
        var many = new byte[128 * PAGE];
        pages.fill(10, many);

        assertThat(Digests.ratio(many)).isBetween(2.5, 3.8);
        assertThat(IntStream.range(0, 128)
                        .mapToObj(i -> Digests.of(at(many, i)))
                        .distinct())
                .hasSize(128);
        assertThat(at(many, 7)).isEqualTo(pages.page(17));
        assertThat(Digests.of(many)).isEqualTo("f59009d54c034fa9");
    }

    @Test
    void aFileHoldsThePagesInOrder() throws IOException {
        Path file = folder.resolve("24576");
        pages.write(file, 300);

        byte[] written = Files.readAllBytes(file);
        var expected = new byte[300 * PAGE];
        pages.fill(0, expected);
        assertThat(written).isEqualTo(expected);
    }

    @Test
    void aChangeTouchesExactlyThePagesItNames() {
        var before = new byte[50 * PAGE];
        pages.fill(0, before);
        byte[] after = before.clone();

        int[] changed = pages.change(after, 7, 1);

        assertThat(changed).hasSize(7).isSorted().doesNotHaveDuplicates();
        assertThat(IntStream.range(0, 50).filter(i -> !Arrays.equals(at(before, i), at(after, i))))
                .containsExactly(Arrays.stream(changed).boxed().toArray(Integer[]::new));
        for (int number : changed) {
            assertThat(lsn(at(after, number))).isGreaterThan(lsn(at(before, number)));
        }
    }

    @Test
    void theSameEditIsTheSameInMemoryAndInAFile() throws IOException {
        Path file = folder.resolve("relation");
        pages.write(file, 40);
        var memory = new byte[40 * PAGE];
        pages.fill(0, memory);

        int[] inMemory = pages.change(memory, 5, 3);
        int[] inFile = pages.change(file, 5, 3);

        assertThat(inFile).isEqualTo(inMemory).isNotEqualTo(pages.change(memory.clone(), 5, 4));
        assertThat(Files.readAllBytes(file)).isEqualTo(memory);
    }

    @Test
    void halfAPageIsRefused() {
        assertThatThrownBy(() -> pages.fill(0, new byte[PAGE + 1])).isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] at(byte[] pages, int number) {
        return Arrays.copyOfRange(pages, number * PAGE, (number + 1) * PAGE);
    }

    private static long lsn(byte[] page) {
        var buffer = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
        return (long) buffer.getInt(0) << 32 | buffer.getInt(4) & 0xffff_ffffL;
    }
}
