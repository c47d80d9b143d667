package org.medbackup.app.mariadb;

import org.medbackup.app.mariadb.binlog.BinlogName;
import org.medbackup.core.error.ErrorCode;

/**
 * A place in the binary log.
 *
 * @param file of it
 * @param offset in bytes
 */
record BinlogPosition(String file, long offset) {

    /** @throws org.medbackup.core.error.UsageException with {@link ErrorCode#USAGE} where the text is none */
    static BinlogPosition parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon > 0
                && BinlogName.isFile(text.substring(0, colon))
                && text.substring(colon + 1).matches("\\d{1,18}")) {
            return new BinlogPosition(text.substring(0, colon), Long.parseLong(text.substring(colon + 1)));
        }
        throw ErrorCode.USAGE.because("the position is no place in a binary log, such as mariadb-bin.000004:1375");
    }

    /** Whether it is not before the other one; of one log. */
    boolean reaches(BinlogPosition other) {
        long number = BinlogName.number(file);
        long wanted = BinlogName.number(other.file);
        return number > wanted || number == wanted && offset >= other.offset;
    }

    @Override
    public String toString() {
        return file + ":" + offset;
    }
}
