package org.medbackup.app.mariadb;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.medbackup.app.mariadb.binlog.BinlogBase;
import org.medbackup.app.mariadb.binlog.FileFormat;
import org.medbackup.core.Deadline;

/**
 * A point of a server's history.
 *
 * @param file of the binary log; empty where there is none
 * @param offset in it
 * @param gtid the last transactions of each domain
 * @param lsn of InnoDB's redo log
 */
record Position(String file, String offset, String gtid, String lsn) {

    static Position ask(Session session, Server server, Deadline deadline) {
        List<String[]> binlog = !server.logsBinary()
                ? List.of()
                : session.rows(
                        "position",
                        deadline,
                        row -> new String[] {row.getString(1), row.getString(2)},
                        "SHOW MASTER STATUS");
        String gtid = session.row("gtid", deadline, row -> row.getString(1), "SELECT @@GLOBAL.gtid_binlog_pos");
        String lsn = session.row(
                "lsn",
                deadline,
                row -> row.getString(2),
                "SHOW GLOBAL STATUS WHERE Variable_name = 'Innodb_lsn_current'");
        return binlog.isEmpty()
                ? new Position("", "", gtid, lsn)
                : new Position(binlog.getFirst()[0], binlog.getFirst()[1], gtid, lsn);
    }

    /** What {@code mariadb-backup} wrote down: file, offset and GTIDs, with tabs between. */
    static Position parse(String binlogInfo, String lsn) {
        String[] words = binlogInfo.strip().split("\t", -1);
        return words.length < 2
                ? new Position("", "", "", lsn)
                : new Position(words[0], words[1], words.length > 2 ? words[2] : "", lsn);
    }

    /** The binary log's coordinate, or InnoDB's where there is none. */
    String shown() {
        return file.isEmpty() ? "lsn:" + lsn : file + ":" + offset;
    }

    /**
     * Which of the files of this name it is, and of which server: so that no other one is ever taken for it. Empty where there
     * is none, or it cannot be read here; then no recovery from the log begins with this backup.
     */
    Map<String, String> placeOf(Server server) {
        if (file.isEmpty()) {
            return Map.of();
        }
        try {
            Path folder = Path.of(server.variable("log_bin_basename"))
                    .toAbsolutePath()
                    .getParent();
            if (folder == null) {
                return Map.of();
            }
            String head = FileFormat.of(folder.resolve(file)).digest();
            return Map.of(BinlogBase.SERVER, server.digest(), BinlogBase.HEAD, head);
        } catch (IOException unreadable) {
            System.getLogger(Position.class.getName())
                    .log(System.Logger.Level.WARNING, "the server's binary log cannot be read here");
            return Map.of();
        }
    }

    void putInto(Map<String, String> evidence) {
        evidence.put("lsn", lsn);
        evidence.put(BinlogBase.GTID, gtid);
        if (!file.isEmpty()) {
            evidence.put(BinlogBase.FILE, file);
            evidence.put(BinlogBase.POSITION, offset);
        }
    }
}
