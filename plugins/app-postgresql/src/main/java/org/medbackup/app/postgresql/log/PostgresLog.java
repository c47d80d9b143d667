package org.medbackup.app.postgresql.log;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.medbackup.app.postgresql.Servers;
import org.medbackup.app.postgresql.Session;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.ApplicationLog;
import org.medbackup.core.spi.app.LogArchive;
import org.medbackup.core.spi.app.LogArchive.LogEntry;
import org.medbackup.core.spi.app.LogArchive.LogFile;
import org.medbackup.core.spi.app.LogReplay;
import org.medbackup.core.spi.app.RecoveryTarget;

/**
 * The write-ahead log of one PostgreSQL cluster and of what became of it by promotions.
 *
 * @param servers whose log it is; used by {@link #receive}, and by {@link #handedOver} where a file does not tell its cluster
 * @param time clocks
 */
public record PostgresLog(Servers servers, TimeSource time) implements ApplicationLog {

    private static final Duration CONNECT = Duration.ofSeconds(10);

    @Override
    public String address() {
        return servers.shown();
    }

    @Override
    public Lag receive(LogArchive archive, Path spool, Reception reception, Consumer<Lag> listener) {
        return new WalReceiver(servers, time, archive, new Spool(spool), reception, listener).run();
    }

    @Override
    public LogFile handedOver(Path file, Deadline deadline) {
        return new HandedOver(file, () -> system(deadline)).described();
    }

    private String system(Deadline deadline) {
        try (Session session = servers.now(deadline).connector().open("medbackup log", deadline)) {
            return session.row(
                    "system",
                    deadline,
                    row -> Long.toUnsignedString(row.getLong(1)),
                    "SELECT system_identifier FROM pg_catalog.pg_control_system()");
        }
    }

    @Override
    public @Nullable String find(String asked, Path destination, List<LogEntry> entries) {
        WalName name = WalName.parse(asked);
        if (name == null) {
            return null;
        }
        String cluster = HandedOver.cluster(destination);
        String digest = HandedOver.digest(destination, name.timeline());
        List<Branch.Named> found = entries.stream()
                .map(each -> Branch.parse(each.name()))
                .filter(Objects::nonNull)
                .filter(each -> each.file().equals(asked))
                .filter(each -> cluster == null || each.branch().system().equals(cluster))
                .filter(each -> digest == null || each.branch().digest().equals(digest))
                .distinct()
                .toList();
        if (found.size() > 1) {
            throw ErrorCode.APPLICATION_LOG_CONFLICT
                    .because("more than one cluster or branch of history has a file of this name")
                    .with("file", asked);
        }
        return found.isEmpty() ? null : found.getFirst().branch().named(asked);
    }

    @Override
    public List<Gap> gaps(List<LogEntry> entries) {
        return LogGaps.in(entries);
    }

    @Override
    public LogReplay plan(List<Base> bases, List<LogEntry> entries, RecoveryTarget target, String timeline) {
        return ReplayPlan.of(bases, entries, target, timeline);
    }

    @Override
    public Set<String> expendable(List<Base> bases, List<LogEntry> entries) {
        return LogNeeds.expendable(bases, entries);
    }

    @Override
    public void close() {
        // Each call opens and closes what it needs.
    }

    static Deadline soon(TimeSource time) {
        return Deadline.after(time, CONNECT);
    }
}
