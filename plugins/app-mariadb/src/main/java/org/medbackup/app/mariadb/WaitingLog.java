package org.medbackup.app.mariadb;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.medbackup.app.mariadb.binlog.BinlogName;
import org.medbackup.app.mariadb.binlog.BinlogScan;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.LogArchive.LogFile;
import org.medbackup.core.spi.app.LogStoring;
import org.medbackup.core.spi.app.LogStoring.Batch;

/** What waits in the spool, with what is to be known of each file later. */
record WaitingLog(LogSpool spool) implements LogStoring.Waiting<BinlogPosition> {

    @Override
    public List<Batch<BinlogPosition>> batches() {
        List<LogFile> files = new ArrayList<>();
        BinlogPosition last = null;
        for (Path each : spool.waiting()) {
            String name = each.getFileName().toString();
            try {
                BinlogScan scan = BinlogScan.of(each);
                files.add(new LogFile(name, each, scan.facts()));
                BinlogName parsed = BinlogName.parse(name);
                last = parsed == null ? last : new BinlogPosition(parsed.file(), scan.length());
            } catch (IOException unreadable) {
                throw ErrorCode.STATE_UNUSABLE.because("the spool of the log cannot be read", unreadable);
            }
        }
        return files.isEmpty() ? List.of() : List.of(new Batch<>(files, last));
    }

    @Override
    public void remove(List<Path> files) {
        spool.remove(files);
    }
}
