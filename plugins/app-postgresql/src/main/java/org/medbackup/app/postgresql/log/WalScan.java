package org.medbackup.app.postgresql.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.app.postgresql.Lsn;
import org.medbackup.core.error.ErrorCode;

/**
 * What a recovery wants to know of a segment without reading it: how far its records go, when its newest transaction ended,
 * which named points are in it (PostgreSQL, {@code xlogrecord.h}, {@code xlog_internal.h}, {@code xact.h}; unchanged from 13
 * to 18). Records that begin in it and end in the next one do not count. Where it cannot be understood the scan ends: then
 * more log is fetched than would be needed, never less.
 *
 * @param system identifier of the cluster
 * @param size of a segment in bytes
 * @param address where the segment begins
 * @param lastRecord where its last whole record begins; null where it has none
 * @param newest end of its newest transaction; null where none ends in it
 * @param points names of restore points in it, each with where its record ends
 */
record WalScan(
        String system,
        int size,
        Lsn address,
        @Nullable Lsn lastRecord,
        @Nullable Instant newest,
        List<Point> points) {

    static final String SIZE = "segment_size";
    static final String LAST_RECORD = "last_record";
    static final String NEWEST = "newest";
    static final String POINT = "point.";

    private static final int PAGE = 8192;
    private static final int LONG_HEADER = 40;
    private static final int SHORT_HEADER = 24;
    private static final int RECORD = 24;
    private static final int CONTINUED = 1;
    private static final int LONG = 2;
    private static final int RM_XLOG = 0;
    private static final int RM_XACT = 1;
    private static final int SWITCH = 0x40;
    private static final int RESTORE_POINT = 0x70;
    private static final int OPERATION = 0x70;
    private static final int PREPARE = 0x10;
    private static final int ASSIGNMENT = 0x50;
    private static final int SMALL = 1024;
    private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    WalScan {
        points = List.copyOf(points);
    }

    /** A named restore point. */
    record Point(String name, Lsn end) {}

    /**
     * Scans a segment, or the beginning of one.
     *
     * @throws org.medbackup.core.error.ApplicationException with {@link ErrorCode#APPLICATION_FAILED} where it is none
     */
    static WalScan of(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
                    .order(ByteOrder.nativeOrder());
            if (bytes.limit() < LONG_HEADER || (bytes.getShort(2) & LONG) == 0 || bytes.getInt(32) < PAGE) {
                throw ErrorCode.APPLICATION_FAILED.because("the file is no segment of a log");
            }
            return new Scan(bytes).run();
        } catch (IOException unreadable) {
            throw ErrorCode.SOURCE_UNREADABLE.because("a segment of the log cannot be read", unreadable);
        }
    }

    /** As facts of the archive. */
    SortedMap<String, String> facts() {
        var facts = new TreeMap<String, String>();
        facts.put(SIZE, Integer.toString(size));
        if (lastRecord != null) {
            facts.put(LAST_RECORD, lastRecord.toString());
        }
        if (newest != null) {
            facts.put(NEWEST, newest.toString());
        }
        points.forEach(point -> facts.put(POINT + point.name(), point.end().toString()));
        return facts;
    }

    private static final class Scan {

        private final ByteBuffer bytes;
        private final int limit;
        private final long address;
        private final List<Point> points = new ArrayList<>();
        private @Nullable Lsn last;
        private @Nullable Instant newest;

        Scan(ByteBuffer bytes) {
            this.bytes = bytes;
            this.address = bytes.getLong(8);
            this.limit = Math.min(bytes.limit(), bytes.getInt(32));
        }

        WalScan run() {
            int at = LONG_HEADER;
            if ((bytes.getShort(2) & CONTINUED) != 0) {
                at = aligned(behind(LONG_HEADER, bytes.getInt(16)));
            }
            while (at >= 0 && at < limit) {
                at = record(at);
            }
            return new WalScan(
                    Long.toUnsignedString(bytes.getLong(24)), bytes.getInt(32), new Lsn(address), last, newest, points);
        }

        private static int aligned(int at) {
            return at < 0 ? at : at + 7 & ~7;
        }

        /** Whether a page of this segment begins here. */
        private boolean isPage(int at) {
            return at + SHORT_HEADER <= limit
                    && bytes.getShort(at) == bytes.getShort(0)
                    && bytes.getLong(at + 8) == address + at;
        }

        /** The place behind so many bytes of records; -1 where that is not in what we have. */
        private int behind(int from, int length) {
            int at = from;
            int left = length;
            while (left > 0) {
                if (at % PAGE == 0) {
                    if (!isPage(at)) {
                        return -1;
                    }
                    at += SHORT_HEADER;
                }
                int step = Math.min(left, PAGE - at % PAGE);
                at += step;
                left -= step;
            }
            return left < 0 || at > limit ? -1 : at;
        }

        /** Takes the record that begins at a place; where the next one does, or -1. */
        private int record(int place) {
            int at = place;
            if (at % PAGE == 0) {
                if (!isPage(at)) {
                    return -1;
                }
                at += SHORT_HEADER;
            }
            int length = at + 4 <= limit ? bytes.getInt(at) : 0;
            int end = length < RECORD ? -1 : behind(at, length);
            if (end < 0) {
                return -1;
            }
            last = new Lsn(address + at);
            byte[] head = copy(at, Math.min(length, SMALL));
            int info = Byte.toUnsignedInt(head[16]);
            int manager = Byte.toUnsignedInt(head[17]);
            if (manager == RM_XLOG && (info & 0xf0) == SWITCH) {
                // What follows is empty up to the end.
                return -1;
            }
            boolean ended = manager == RM_XACT && endsTransaction(info & OPERATION);
            if (ended || manager == RM_XLOG && (info & 0xf0) == RESTORE_POINT) {
                take(head, ended, new Lsn(address + aligned(end)));
            }
            return aligned(end);
        }

        private static boolean endsTransaction(int operation) {
            return operation != PREPARE && operation < ASSIGNMENT;
        }

        private void take(byte[] head, boolean ended, Lsn end) {
            ByteBuffer record = ByteBuffer.wrap(head).order(ByteOrder.nativeOrder());
            int data = mainData(record);
            if (data < 0 || data + 8 > head.length) {
                return;
            }
            if (ended) {
                Instant time = EPOCH.plus(record.getLong(data), ChronoUnit.MICROS);
                newest = newest == null || time.isAfter(newest) ? time : newest;
                return;
            }
            int from = data + 8;
            int to = from;
            while (to < head.length && to < from + 64 && head[to] != 0) {
                to++;
            }
            points.add(new Point(new String(head, from, to - from, StandardCharsets.UTF_8), end));
        }

        /** Where the record's own data begins; such records have no blocks. */
        private static int mainData(ByteBuffer record) {
            int at = RECORD;
            while (at + 5 < record.limit()) {
                switch (Byte.toUnsignedInt(record.get(at))) {
                    case 255 -> {
                        return at + 2;
                    }
                    case 254 -> {
                        return at + 5;
                    }
                    case 253 -> at += 3;
                    case 252 -> at += 5;
                    default -> {
                        return -1;
                    }
                }
            }
            return -1;
        }

        private byte[] copy(int from, int length) {
            byte[] copy = new byte[length];
            int at = from;
            for (int done = 0; done < length; ) {
                if (at % PAGE == 0) {
                    at += SHORT_HEADER;
                }
                int step = Math.min(length - done, PAGE - at % PAGE);
                bytes.get(at, copy, done, step);
                at += step;
                done += step;
            }
            return copy;
        }
    }
}
