package org.medbackup.corpus;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Pages of 8 KiB laid out as those of a PostgreSQL heap: header with its LSN, line pointers from the front, tuples from
 * the back (PostgreSQL documentation, section "Database Page Layout"). Full of laboratory results, they compress about
 * 3:1 with zstd level 1. The page checksum is left 0, as in a cluster without checksums.
 *
 * <p>A page follows from the seed and its number alone. Immutable and safe for use by several threads.
 */
public final class DatabasePages {

    /** The size of a page. */
    public static final int PAGE_BYTES = 8192;

    private static final int HEADER = 24;
    private static final int LINE_POINTER = 4;
    private static final int TUPLE_HEADER = 24;
    private static final int TUPLE = 128;
    private static final int TUPLES = (PAGE_BYTES - HEADER) / (TUPLE + LINE_POINTER);
    private static final int ROW_TEXT = 36;
    private static final int VALUE_AT = 24;
    private static final int VALUE_DIGITS = 12;
    private static final int PAGES_AT_ONCE = 128;
    private static final long FIRST_LSN = 0x0000_0001_0000_0000L;
    private static final long FIRST_MICROSECOND = 788_918_400_000_000L;
    private static final int USED = 1 << 15;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final byte[][] ROWS = rows();

    private final long seed;

    private DatabasePages(long seed) {
        this.seed = seed;
    }

    /** The pages of a seed. */
    public static DatabasePages of(long seed) {
        return new DatabasePages(seed);
    }

    /** One page, as a new array. */
    public byte[] page(long number) {
        var page = new byte[PAGE_BYTES];
        page(number, page, 0);
        return page;
    }

    /** Fills an array, a whole number of pages long, with the pages from the first on. */
    public void fill(long first, byte[] target) {
        long count = pages(target.length);
        for (int i = 0; i < count; i++) {
            page(first + i, target, i * PAGE_BYTES);
        }
    }

    /** Writes a new file of so many pages, the first numbered 0. */
    public void write(Path file, long pages) throws IOException {
        var buffer = new byte[(int) Math.min(pages, PAGES_AT_ONCE) * PAGE_BYTES];
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long first = 0; first < pages; first += PAGES_AT_ONCE) {
                fill(first, buffer);
                int part = (int) Math.min(pages - first, PAGES_AT_ONCE) * PAGE_BYTES;
                var bytes = ByteBuffer.wrap(buffer, 0, part);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }
        }
    }

    /**
     * Changes different pages in place as an update of rows does: a newer LSN, other values in some tuples.
     *
     * @param count of pages, no more than there are
     * @param edit the same number changes the same pages in the same way, another one others
     * @return the numbers of the changed pages, ascending
     */
    public int[] change(byte[] pages, int count, long edit) {
        int[] changed = chosen(pages(pages.length), count, edit);
        for (int number : changed) {
            change(pages, number * PAGE_BYTES, number, edit);
        }
        return changed;
    }

    /** As {@link #change(byte[], int, long)}, in a file. */
    public int[] change(Path file, int count, long edit) throws IOException {
        try (var open = new RandomAccessFile(file.toFile(), "rw")) {
            int[] changed = chosen(pages(open.length()), count, edit);
            var page = new byte[PAGE_BYTES];
            for (int number : changed) {
                open.seek((long) number * PAGE_BYTES);
                open.readFully(page);
                change(page, 0, number, edit);
                open.seek((long) number * PAGE_BYTES);
                open.write(page);
            }
            return changed;
        }
    }

    private int[] chosen(long pages, int count, long edit) {
        long[] numbers = SeededRandom.of(seed ^ "change".hashCode(), edit).distinct(count, pages);
        return IntStream.range(0, count).map(i -> (int) numbers[i]).toArray();
    }

    private static long pages(long bytes) {
        if (bytes % PAGE_BYTES != 0) {
            throw new IllegalArgumentException("the length is not a whole number of pages");
        }
        return bytes / PAGE_BYTES;
    }

    private void page(long number, byte[] target, int at) {
        var random = SeededRandom.of(seed, number);
        header(target, at, FIRST_LSN + number * PAGE_BYTES + random.below(PAGE_BYTES));
        for (int i = 0; i < TUPLES; i++) {
            int offset = PAGE_BYTES - (i + 1) * TUPLE;
            INTS.set(target, at + HEADER + i * LINE_POINTER, offset | USED | TUPLE << 17);
            tuple(random, target, at + offset, number, i);
        }
    }

    private static void header(byte[] target, int at, long lsn) {
        // The LSN is two words, the high one first, each in the machine's order.
        LONGS.set(target, at, lsn >>> 32 | lsn << 32);
        INTS.set(target, at + 8, 0);
        SHORTS.set(target, at + 12, (short) (HEADER + TUPLES * LINE_POINTER));
        SHORTS.set(target, at + 14, (short) (PAGE_BYTES - TUPLES * TUPLE));
        SHORTS.set(target, at + 16, (short) PAGE_BYTES);
        SHORTS.set(target, at + 18, (short) (PAGE_BYTES | 4));
        INTS.set(target, at + 20, 0);
        // The gap between the line pointers and the tuples.
        int lower = HEADER + TUPLES * LINE_POINTER;
        Arrays.fill(target, at + lower, at + PAGE_BYTES - TUPLES * TUPLE, (byte) 0);
    }

    private static void tuple(SeededRandom random, byte[] target, int at, long page, int index) {
        long bits = random.nextLong();
        INTS.set(target, at, 1000 + (int) page / 64);
        LONGS.set(target, at + 4, 0L);
        SHORTS.set(target, at + 12, (short) (page >>> 16));
        SHORTS.set(target, at + 14, (short) page);
        SHORTS.set(target, at + 16, (short) (index + 1));
        SHORTS.set(target, at + 18, (short) 6);
        // XMIN_COMMITTED, XMAX_INVALID and HASVARWIDTH; the data begin after 24 bytes.
        INTS.set(target, at + 20, 0x0902 | TUPLE_HEADER << 16);
        int row = at + TUPLE_HEADER;
        LONGS.set(target, row, page * TUPLES + index);
        LONGS.set(target, row + 8, FIRST_MICROSECOND + page * 1_000_000 + (bits & 0xf_ffff));
        INTS.set(target, row + 16, (int) (bits >>> 20) & 0x1fff);
        LONGS.set(target, row + 20, random.nextLong());
        LONGS.set(target, row + 28, random.nextLong());
        byte[] text = ROWS[(int) (bits >>> 40) & ROWS.length - 1];
        System.arraycopy(text, 0, target, row + ROW_TEXT, text.length);
        digits(random.nextLong(), target, row + ROW_TEXT + VALUE_AT);
    }

    private void change(byte[] pages, int at, long number, long edit) {
        var random = SeededRandom.of(seed ^ "edit".hashCode() ^ SeededRandom.scatter(edit), number);
        long words = (long) LONGS.get(pages, at);
        long lsn = words << 32 | words >>> 32;
        header(pages, at, lsn + (1L << 33) + random.below(1 << 30));
        for (int rows = random.between(1, 4); rows > 0; rows--) {
            int tuple = at + PAGE_BYTES - random.between(1, TUPLES) * TUPLE;
            INTS.set(pages, tuple, 1_000_000 + (int) edit);
            digits(random.nextLong(), pages, tuple + TUPLE_HEADER + ROW_TEXT + VALUE_AT);
        }
    }

    private static void digits(long bits, byte[] target, int at) {
        long rest = bits;
        for (int i = 0; i < VALUE_DIGITS; i++, rest >>>= 5) {
            target[at + i] = (byte) ('0' + (rest & 31) * 10 / 32);
        }
    }

    private static byte[][] rows() {
        var random = SeededRandom.of(8192);
        return IntStream.range(0, 256)
                .mapToObj(_ -> {
                    var test = random.pick(ClinicalCodes.LABORATORY);
                    String text = test.loinc() + " " + test.name() + " ".repeat(40);
                    String flags = " " + test.unit() + " " + random.pick("final", "amended", "preliminary");
                    String row = text.substring(0, VALUE_AT) + "0".repeat(VALUE_DIGITS) + flags + " ".repeat(60);
                    return row.substring(0, TUPLE - TUPLE_HEADER - ROW_TEXT).getBytes(StandardCharsets.US_ASCII);
                })
                .toArray(byte[][]::new);
    }
}
