package org.medbackup.app.mariadb.binlog;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.spi.app.ApplicationLog.Base;

/**
 * A backup that tells where in the binary log it stands.
 *
 * @param id of the restore point
 * @param server digest of the server's identity
 * @param head of the file
 * @param file of the binary log
 * @param position in it
 * @param gtids the last transactions of each domain
 * @param ended when, by the clock of the machine that made it
 */
public record BinlogBase(
        String id, String server, String head, String file, long position, List<Gtid> gtids, Instant ended) {

    public static final String SERVER = "binlog_server";
    public static final String HEAD = "binlog_head";
    public static final String FILE = "binlog_file";
    public static final String POSITION = "binlog_position";
    public static final String GTID = "gtid";
    public static final String ENDED = "consistent_at";

    /** Null where it does not tell: it was made without a binary log, or nobody could read its file. */
    public static @Nullable BinlogBase of(String id, Map<String, String> evidence) {
        String server = evidence.get(SERVER);
        String head = evidence.get(HEAD);
        String file = evidence.getOrDefault(FILE, "");
        String ended = evidence.get(ENDED);
        if (server == null || head == null || ended == null || !BinlogName.isFile(file)) {
            return null;
        }
        try {
            return new BinlogBase(
                    id,
                    server,
                    head,
                    file,
                    Long.parseLong(evidence.getOrDefault(POSITION, "")),
                    GtidState.list(evidence.getOrDefault(GTID, "")),
                    Instant.parse(ended));
        } catch (IllegalArgumentException | DateTimeParseException malformed) {
            return null;
        }
    }

    static @Nullable BinlogBase of(Base base) {
        return of(base.id(), base.evidence());
    }

    /** Whether it stands in this file. */
    boolean isIn(ArchivedFile archived) {
        return server.equals(archived.name().server())
                && head.equals(archived.name().head())
                && file.equals(archived.file());
    }

    long number() {
        return BinlogName.number(file);
    }
}
