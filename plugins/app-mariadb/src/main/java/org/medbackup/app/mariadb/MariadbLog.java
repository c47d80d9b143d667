package org.medbackup.app.mariadb;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.medbackup.app.mariadb.binlog.BinlogGaps;
import org.medbackup.app.mariadb.binlog.BinlogName;
import org.medbackup.app.mariadb.binlog.BinlogNeeds;
import org.medbackup.app.mariadb.binlog.BinlogPlan;
import org.medbackup.app.mariadb.binlog.BinlogScan;
import org.medbackup.app.mariadb.binlog.LogTarget;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.app.ApplicationLog;
import org.medbackup.core.spi.app.LogArchive;
import org.medbackup.core.spi.app.LogArchive.LogEntry;
import org.medbackup.core.spi.app.LogArchive.LogFile;
import org.medbackup.core.spi.app.LogReplay;
import org.medbackup.core.spi.app.RecoveryTarget;

/** The binary log of one MariaDB server. */
record MariadbLog(Connector connector, Processes processes, TimeSource time) implements ApplicationLog {

    @Override
    public String address() {
        return connector.address().shown();
    }

    @Override
    public Lag receive(LogArchive archive, Path spool, Reception reception, Consumer<Lag> listener) {
        return new BinlogReceiver(connector, processes, time, archive, new LogSpool(spool), reception, listener).run();
    }

    @Override
    public LogFile handedOver(Path file, Deadline deadline) {
        String name = file.getFileName().toString();
        if (!BinlogName.isFile(name)) {
            throw ErrorCode.USAGE.because("the file is none of a binary log");
        }
        try {
            BinlogScan scan = BinlogScan.of(file);
            if (!scan.isClosed() || scan.format().inUse()) {
                throw ErrorCode.USAGE.because("the server writes this file still, or did not close it");
            }
            try (Session session = connector.open(deadline)) {
                String server = Server.ask(session, time, deadline).digest();
                BinlogName named = BinlogName.whole(server, scan.format().digest(), name);
                return new LogFile(named.toString(), file, scan.facts());
            }
        } catch (IOException unreadable) {
            throw ErrorCode.SOURCE_UNREADABLE.because("the file cannot be read as a binary log", unreadable);
        }
    }

    @Override
    public @Nullable String find(String asked, Path destination, List<LogEntry> entries) {
        List<String> found = entries.stream()
                .map(LogEntry::name)
                .distinct()
                .filter(each -> each.equals(asked) || isWhole(BinlogName.parse(each), asked))
                .toList();
        if (found.size() > 1) {
            throw ErrorCode.APPLICATION_LOG_CONFLICT
                    .because("more than one log of this server has a file of this name; ask by its name in the archive")
                    .with("file", asked);
        }
        return found.isEmpty() ? null : found.getFirst();
    }

    private static boolean isWhole(@Nullable BinlogName name, String file) {
        return name != null && !name.isPart() && name.file().equals(file);
    }

    @Override
    public List<Gap> gaps(List<LogEntry> entries) {
        return BinlogGaps.in(entries);
    }

    @Override
    public LogReplay plan(List<Base> bases, List<LogEntry> entries, RecoveryTarget target, String timeline) {
        return BinlogPlan.of(bases, entries, LogTarget.of(target), timeline);
    }

    @Override
    public Set<String> expendable(List<Base> bases, List<LogEntry> entries) {
        return BinlogNeeds.expendable(bases, entries);
    }

    @Override
    public void close() {
        // Each call opens and closes what it needs.
    }
}
