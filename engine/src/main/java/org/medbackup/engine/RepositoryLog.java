package org.medbackup.engine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.core.spi.app.CopySink;
import org.medbackup.core.spi.app.LogArchive;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.archive.LogCatalogue;
import org.medbackup.engine.internal.archive.LogLedger;
import org.medbackup.engine.internal.crypto.Crypto;

/**
 * The log of one application in a repository: each call of {@link #store} makes one restore point of a source of its own.
 * A writer's key stores; {@link #entries} and {@link #fetch} need a key that reads. Safe for use by several threads.
 *
 * <p>What was stored before is known from a list in this machine's state folder. Where that is lost, a key that reads takes
 * it from the repository; with a writer's key the list begins anew, and a file that is stored twice with different contents
 * is found by whoever reads.
 */
final class RepositoryLog implements LogArchive {

    private static final String TEMPORARY = ".medbackup-";

    private final Repository repository;
    private final RepositoryCore core;
    private final BackupRequest request;
    private final OperationLog log;

    RepositoryLog(Repository repository, RepositoryCore core, BackupRequest request, OperationLog log) {
        this.repository = repository;
        this.core = core;
        this.request = request;
        this.log = log;
    }

    /** A file, and the restore point that holds it. */
    private record Held(LogEntry entry, String snapshot) {}

    /** A file that is to be stored, and where it lies. */
    private record Fresh(LogEntry entry, Path source) {}

    @Override
    public void store(List<LogFile> files) {
        try (LogLedger ledger = LogLedger.open(core, request.source())) {
            if (ledger.isFresh() && repository.reads()) {
                Map<String, String> before = new LinkedHashMap<>();
                entries().forEach(each -> before.put(each.name(), each.sha256()));
                ledger.stored(before);
            }
            List<Fresh> fresh = new ArrayList<>();
            Map<String, String> digests = new LinkedHashMap<>();
            for (LogFile file : files) {
                LogEntry entry = entry(file);
                LogLedger.Finding found = ledger.find(entry.name(), entry.sha256());
                String twice = digests.getOrDefault(entry.name(), entry.sha256());
                if (found == LogLedger.Finding.DIFFERENT || !twice.equals(entry.sha256())) {
                    throw ErrorCode.APPLICATION_LOG_CONFLICT
                            .because("a file of this name has another content")
                            .with("file", entry.name());
                }
                if (found == LogLedger.Finding.NEW && digests.put(entry.name(), entry.sha256()) == null) {
                    fresh.add(new Fresh(entry, file.source()));
                }
            }
            if (!fresh.isEmpty()) {
                ledger.intend(digests);
                commit(fresh);
                ledger.stored(digests);
            }
        }
    }

    private static LogEntry entry(LogFile file) {
        try (var stream = new DigestInputStream(Files.newInputStream(file.source()), Crypto.sha256())) {
            long size = stream.transferTo(java.io.OutputStream.nullOutputStream());
            String sha256 = HexFormat.of().formatHex(stream.getMessageDigest().digest());
            return new LogEntry(file.name(), size, sha256, java.time.Instant.EPOCH, file.facts());
        } catch (IOException unreadable) {
            throw ErrorCode.SOURCE_UNREADABLE
                    .because("a file of the log cannot be read", unreadable)
                    .with("file", file.name());
        }
    }

    private void commit(List<Fresh> fresh) {
        try (AssembledBackup backup = repository.assemble(request, log)) {
            for (Fresh each : fresh) {
                backup.file(each.source(), PathBytes.of("/" + each.entry().name()), CopySink.Cut.CONTENT);
            }
            if (backup.errorCount() > 0) {
                throw ErrorCode.SOURCE_UNREADABLE.because("a file of the log changed or vanished while it was read");
            }
            backup.commit(
                    ConsistencyLevel.FILE_LEVEL,
                    LogCatalogue.encode(fresh.stream().map(Fresh::entry).toList()));
        }
    }

    private List<Held> held() {
        List<Held> all = new ArrayList<>();
        for (Snapshot snapshot : repository.snapshots(log)) {
            if (snapshot.holdsLog() && snapshot.source().equals(request.source())) {
                LogCatalogue.decode(snapshot.evidence(), snapshot.time())
                        .forEach(entry -> all.add(new Held(entry, snapshot.id())));
            }
        }
        return all;
    }

    @Override
    public List<LogEntry> entries() {
        // Oldest first: of two that are equal the one that was there first counts.
        Map<List<String>, LogEntry> different = new LinkedHashMap<>();
        held().forEach(each ->
                different.putIfAbsent(List.of(each.entry().name(), each.entry().sha256()), each.entry()));
        return different.values().stream()
                .sorted(Comparator.comparing(LogEntry::name).thenComparing(LogEntry::stored))
                .toList();
    }

    @Override
    public boolean fetch(String name, Path destination) {
        List<Held> all =
                held().stream().filter(each -> each.entry().name().equals(name)).toList();
        if (all.isEmpty()) {
            return false;
        }
        if (all.stream().map(each -> each.entry().sha256()).distinct().count() > 1) {
            throw ErrorCode.APPLICATION_LOG_CONFLICT
                    .because("the archive has two contents of this name; neither is taken for the right one")
                    .with("file", name);
        }
        if (Files.exists(destination)) {
            throw ErrorCode.TARGET_UNUSABLE.because("a file of this name is there already");
        }
        Path temporary = destination
                .toAbsolutePath()
                .resolveSibling(TEMPORARY + UUID.randomUUID().toString().substring(0, 8));
        try {
            write(all.getFirst(), temporary);
            Files.move(temporary, destination, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (IOException failed) {
            throw ErrorCode.TARGET_UNUSABLE.because("the log file cannot be written", failed);
        } finally {
            remove(temporary);
        }
    }

    private void write(Held held, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            repository.dump(held.snapshot(), PathBytes.of("/" + held.entry().name()), channel, log);
            channel.force(true);
        }
        if (!entry(new LogFile(held.entry().name(), file, held.entry().facts()))
                .sha256()
                .equals(held.entry().sha256())) {
            throw ErrorCode.RESTORED_CONTENT_WRONG
                    .because("a log file is not what was stored")
                    .with("file", held.entry().name());
        }
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException left) {
            throw ErrorCode.TARGET_UNUSABLE.because("an unfinished file cannot be removed", left);
        }
    }
}
