package org.medbackup.app.mariadb.binlog;

import java.time.Instant;
import java.util.List;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.RecoveryTarget;

/** How far a recovery goes, in terms of the binary log. */
public sealed interface LogTarget {

    /** As far as the archived log goes. */
    record End() implements LogTarget {}

    /**
     * Before the first event of this second or later.
     *
     * @param second since 1970
     */
    record Before(long second) implements LogTarget {}

    /** What ends at or before a place. */
    record Place(String file, long offset) implements LogTarget {}

    /** Until all of these transactions are there, in the order of the log. */
    record Transactions(List<Gtid> gtids) implements LogTarget {}

    /**
     * Understands a target.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#USAGE} for what MariaDB does not have
     */
    static LogTarget of(RecoveryTarget target) {
        return switch (target) {
            case RecoveryTarget.BackupEnd _, RecoveryTarget.Newest _ -> new End();
            case RecoveryTarget.AtTime at -> before(at.time());
            case RecoveryTarget.AtPosition at -> position(at.position());
            case RecoveryTarget.AtName _ ->
                throw ErrorCode.USAGE.because(
                        "MariaDB has no named points; name a time, a place in the binary log, or a GTID");
        };
    }

    private static LogTarget before(Instant time) {
        // Events are stamped in whole seconds: of the second of the target nobody can tell what was before it.
        return new Before(time.getEpochSecond());
    }

    private static LogTarget position(String text) {
        int colon = text.lastIndexOf(':');
        try {
            if (colon > 0 && BinlogName.isFile(text.substring(0, colon))) {
                return new Place(text.substring(0, colon), Long.parseUnsignedLong(text.substring(colon + 1)));
            }
            List<Gtid> gtids = GtidState.list(text);
            if (!gtids.isEmpty()) {
                return new Transactions(gtids);
            }
        } catch (IllegalArgumentException malformed) {
            throw malformed(malformed);
        }
        throw malformed(null);
    }

    private static RuntimeException malformed(@org.jspecify.annotations.Nullable Throwable cause) {
        String why = "the position is neither a place, such as mariadb-bin.000004:1375, nor GTIDs, such as 0-1-270";
        return cause == null ? ErrorCode.USAGE.because(why) : ErrorCode.USAGE.because(why, cause);
    }
}
