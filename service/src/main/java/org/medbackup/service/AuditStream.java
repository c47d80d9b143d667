package org.medbackup.service;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.AuditEntry;
import org.medbackup.audit.AuditTrail;
import org.medbackup.audit.export.AuditExport;
import org.medbackup.audit.export.ExportOrigin;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.syslog.SyslogServer;
import org.medbackup.core.tls.Authorities;
import org.medbackup.core.tls.ClientTls;
import org.medbackup.service.config.AuditSinkEntry;

/**
 * One receiver of the audit trail, and how far it has got. Its position moves on when it has read all that was sent, so that
 * each entry arrives at least once. For one thread.
 */
final class AuditStream {

    /** In the state folder. */
    static final String FOLDER = "streams";

    /** How many entries are sent over one connection. */
    static final int MOST = 256;

    /** How far before its position an operation may have begun of which something is told after it. */
    private static final long BEFORE = 65_536;

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final AuditSinkEntry sink;
    private final AuditTrail trail;
    private final AuditExport export;
    private final Path file;
    private long position = -1;
    private List<byte[]> pending = List.of();
    private @Nullable SyslogServer server;

    AuditStream(AuditSinkEntry sink, AuditTrail trail, ExportOrigin origin, Path state) {
        this.sink = sink;
        this.trail = trail;
        this.export = new AuditExport(sink.format(), origin);
        String token = trail.tokenOf("audit stream " + sink.format() + " " + sink.to());
        this.file = state.resolve(FOLDER).resolve(token.substring(0, 32));
    }

    /**
     * Sends what is new, as much as goes over one connection.
     *
     * @return whether there may be more
     * @throws org.medbackup.core.error.BackupException with {@link ErrorCode#AUDIT_NOT_SENT} where the receiver has not read
     *     it, {@link ErrorCode#AUDIT_DAMAGED} where the trail is shorter than what was sent of it, or
     *     {@link ErrorCode#STATE_UNUSABLE}
     */
    boolean step() {
        if (position < 0) {
            position = begin();
        }
        long size = trail.head().size();
        if (size < position) {
            throw ErrorCode.AUDIT_DAMAGED.because(
                    "it has " + size + " entries, and " + position + " were sent to a receiver");
        }
        if (size == position) {
            return false;
        }
        if (pending.isEmpty()) {
            try (Stream<AuditEntry> entries = trail.entries(position)) {
                pending = entries.limit(MOST).map(export::message).toList();
            }
        }
        hand(pending);
        position += pending.size();
        pending = List.of();
        keep();
        return position < size;
    }

    private long begin() {
        long kept = kept();
        try (Stream<AuditEntry> before = trail.entries(Math.max(0, kept - BEFORE))) {
            before.takeWhile(entry -> entry.index() < kept).forEach(export::skip);
        }
        return kept;
    }

    private void hand(List<byte[]> messages) {
        SyslogServer receiver = server == null ? connectable() : server;
        server = receiver;
        var task = new FutureTask<>(() -> {
            receiver.hand(messages);
            return true;
        });
        // A virtual thread, since an interrupt closes the socket that it works on.
        Thread.ofVirtual().name("medbackup-audit-stream").start(task);
        try {
            task.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IOException lost) {
                throw ErrorCode.AUDIT_NOT_SENT.because("its receiver was not reached, or has not read all", lost);
            }
            throw ErrorCode.INTERNAL.because("sending to a receiver of the audit trail failed", failed);
        } catch (TimeoutException passed) {
            throw ErrorCode.AUDIT_NOT_SENT
                    .because("its receiver did not end in time")
                    .with("seconds", LIMIT.toSeconds());
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.because("interrupted while sending the audit trail", ended);
        } finally {
            task.cancel(true);
        }
    }

    private SyslogServer connectable() {
        String host = sink.to().getHost();
        return new SyslogServer(host == null ? "" : host, sink.port(), sink.isClear() ? null : tls());
    }

    private SSLSocketFactory tls() {
        Path certificate = sink.certificate();
        Path key = sink.key();
        Path ca = sink.ca();
        if (certificate != null && key != null) {
            return ClientTls.of(ca, certificate, key, ErrorCode.CONFIGURATION_INVALID)
                    .getSocketFactory();
        }
        return ca == null
                ? (SSLSocketFactory) SSLSocketFactory.getDefault()
                : Authorities.only(ca, "ca", ErrorCode.CONFIGURATION_INVALID).getSocketFactory();
    }

    private long kept() {
        try {
            return Long.parseUnsignedLong(Files.readString(file).strip());
        } catch (NoSuchFileException first) {
            return 0;
        } catch (IOException | NumberFormatException failed) {
            throw unusable(failed);
        }
    }

    /** Whole or not at all. */
    private void keep() {
        try {
            Path folder = Files.createDirectories(file.getParent());
            Path draft = folder.resolve("." + file.getFileName());
            Files.write(draft, (position + "\n").getBytes(StandardCharsets.US_ASCII));
            try (var written = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                written.force(true);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw unusable(failed);
        }
    }

    private static RuntimeException unusable(Exception failed) {
        return ErrorCode.STATE_UNUSABLE.because("the position of a receiver cannot be read or written there", failed);
    }
}
