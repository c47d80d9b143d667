package org.medbackup.app.postgresql;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.CopySink;

/**
 * Hands over the write-ahead log that a restore needs, and sees to it that each file is the segment that its name says.
 *
 * <p>The header of a segment's first page, in the byte order of the machine (PostgreSQL, {@code xlog_internal.h}): magic (2
 * bytes), flags (2), timeline (4), address (8), remaining length (4), padding (4), system identifier (8), segment size (4).
 *
 * @param folder {@code pg_wal} on disk
 * @param as {@code pg_wal} in the restore point
 * @param major of the server
 * @param systemIdentifier of the cluster
 */
record WalCopy(Path folder, PathBytes as, int major, String systemIdentifier) {

    /** XLOG_PAGE_MAGIC by major version. */
    private static final Map<Integer, Integer> MAGIC =
            Map.of(13, 0xD106, 14, 0xD10D, 15, 0xD110, 16, 0xD113, 17, 0xD116, 18, 0xD118);

    private static final int HEADER = 36;
    private static final int LONG_HEADER_FLAG = 2;

    /**
     * Hands over all segments and the timeline's history.
     *
     * @throws org.medbackup.core.error.ApplicationException with {@link ErrorCode#APPLICATION_LOG_GAP}
     */
    void handOver(WalSegments segments, CopySink sink) {
        segments.numbers().forEach(number -> {
            Path file = folder.resolve(segments.name(number));
            require(file, segments, number);
            sink.file(file, as.resolve(PathBytes.of(segments.name(number))), CopySink.Cut.CONTENT);
            // Still the same afterwards: a segment that was recycled while it was read is one of another number now.
            require(file, segments, number);
        });
        Path history = folder.resolve(segments.history());
        if (segments.timeline() > 1 && Files.exists(history)) {
            sink.file(history, as.resolve(PathBytes.of(segments.history())), CopySink.Cut.CONTENT);
        }
    }

    private void require(Path file, WalSegments segments, long number) {
        String fault;
        try (InputStream stream = Files.newInputStream(file)) {
            byte[] header = stream.readNBytes(HEADER);
            fault = Files.size(file) == segments.size() && header.length == HEADER
                    ? fault(ByteBuffer.wrap(header).order(ByteOrder.nativeOrder()), segments, number)
                    : "it has not the size of a segment";
        } catch (IOException gone) {
            throw gap(segments, number, "it is not there or cannot be read", gone);
        }
        if (!fault.isEmpty()) {
            throw gap(segments, number, fault, null);
        }
    }

    private String fault(ByteBuffer header, WalSegments segments, long number) {
        int magic = Short.toUnsignedInt(header.getShort(0));
        int flags = Short.toUnsignedInt(header.getShort(2));
        if (magic != MAGIC.getOrDefault(major, magic) || (flags & LONG_HEADER_FLAG) == 0) {
            return "its first page is none of this version";
        }
        // The first segment after a promotion still begins with a page of the timeline before.
        if (header.getInt(4) < 1 || header.getInt(4) > segments.timeline()) {
            return "its first page is of another timeline";
        }
        if (header.getLong(8) != segments.address(number)) {
            return "its first page is of another segment";
        }
        boolean ours = Long.toUnsignedString(header.getLong(24)).equals(systemIdentifier)
                && header.getInt(32) == segments.size();
        return ours ? "" : "it belongs to another cluster";
    }

    private static BackupException gap(
            WalSegments segments, long number, String why, @org.jspecify.annotations.Nullable IOException cause) {
        return ErrorCode.APPLICATION_LOG_GAP.because(why, cause).with("segment", segments.name(number));
    }
}
