package org.medbackup.app.mariadb.binlog;

import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.LogArchive.LogEntry;

/**
 * A file of the log as it is in the archive: whole, or as much of its beginning as was stored.
 *
 * @param entry in the archive
 * @param name taken apart
 * @param begins the state of the log before it
 * @param ends the state after what is there of it
 * @param length bytes of it that are there
 * @param newest the latest time of an event, in seconds since 1970
 * @param created when the server began it, in seconds since 1970
 * @param contested whether another content has its name too
 */
record ArchivedFile(
        LogEntry entry,
        BinlogName name,
        GtidState begins,
        GtidState ends,
        long length,
        long newest,
        long created,
        boolean contested) {

    /** Null where the entry is no file of a binary log. */
    static @Nullable ArchivedFile of(LogEntry entry, boolean contested) {
        BinlogName name = BinlogName.parse(entry.name());
        if (name == null) {
            return null;
        }
        try {
            return new ArchivedFile(
                    entry,
                    name,
                    GtidState.parse(fact(entry, BinlogScan.BEGINS)),
                    GtidState.parse(fact(entry, BinlogScan.ENDS)),
                    Long.parseLong(fact(entry, BinlogScan.LENGTH)),
                    Long.parseLong(fact(entry, BinlogScan.NEWEST)),
                    Long.parseLong(fact(entry, BinlogScan.CREATED)),
                    contested);
        } catch (IllegalArgumentException malformed) {
            throw ErrorCode.OBJECT_DAMAGED.because("what was noted of a file of the log is malformed", malformed);
        }
    }

    private static String fact(LogEntry entry, String name) {
        return entry.facts().getOrDefault(name, "");
    }

    String file() {
        return name.file();
    }

    long number() {
        return name.number();
    }

    /** Whether it is the file that the other one was followed by, and nothing of the other one is missing. */
    boolean follows(ArchivedFile other) {
        return isOfOneSeries(other) && number() == other.number() + 1 && other.ends.isFollowedBy(begins);
    }

    /**
     * Whether it can come later in the same log. After {@code RESET MASTER} numbers come again, so the server's clock has to
     * say which was first.
     */
    boolean mayFollow(ArchivedFile other) {
        return isOfOneSeries(other)
                && number() > other.number()
                && created >= other.created
                && other.ends.mayLeadTo(begins);
    }

    private boolean isOfOneSeries(ArchivedFile other) {
        return name.server().equals(other.name.server())
                && BinlogName.base(file()).equals(BinlogName.base(other.file()));
    }
}
