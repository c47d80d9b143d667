package org.medbackup.service;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.AuditEntry;
import org.medbackup.audit.AuditTrail;
import org.medbackup.audit.export.AuditExport;
import org.medbackup.audit.export.AuditFormat;
import org.medbackup.audit.export.ExportOrigin;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Facts;
import org.medbackup.service.Operations.Ending;
import org.medbackup.service.config.AuditSinkEntry;

/**
 * Reads the audit trail for others. That it was read begins and ends in it. Safe for use by several threads.
 *
 * <p>Every method fails with {@link org.medbackup.core.error.BackupException}.
 */
public final class AuditOperations {

    private static final int BUFFER = 65_536;

    private final Settings settings;
    private final Operations operations;
    private final AuditTrail trail;

    AuditOperations(Settings settings, Operations operations, AuditTrail trail) {
        this.settings = settings;
        this.operations = operations;
        this.trail = trail;
    }

    /**
     * Of which entries.
     *
     * @param from only those of this time or later; null for the first
     * @param to only those before this time; null for the last
     */
    public record Range(@Nullable Instant from, @Nullable Instant to) {

        /** All entries. */
        public static final Range ALL = new Range(null, null);

        /** Refuses a range that ends before it begins. */
        public Range {
            if (from != null && to != null && !from.isBefore(to)) {
                throw ErrorCode.USAGE.because("the time of --from is not before that of --to");
            }
        }

        private boolean has(AuditEntry entry) {
            return (from == null || !entry.time().isBefore(from))
                    && (to == null || entry.time().isBefore(to));
        }

        private Facts facts(AuditFormat format) {
            Facts facts = Facts.of("format", format.word());
            facts = from == null ? facts : facts.and("from", from.toString());
            return to == null ? facts : facts.and("to", to.toString());
        }
    }

    /**
     * What was told.
     *
     * @param entries how many
     * @param first number of the first; negative where there is none
     * @param last number of the last; negative where there is none
     * @param bytes that were written
     * @param sha256 of what was written, in hexadecimal digits
     */
    public record Exported(long entries, long first, long last, long bytes, String sha256) {

        private Ending ending() {
            return Ending.success(Facts.of("entries", entries)
                    .and("first", first)
                    .and("last", last)
                    .and("bytes", bytes)
                    .and("sha256", sha256));
        }
    }

    /**
     * Writes entries as lines. Where it fails, some may have been written.
     *
     * @param out stays open
     */
    public Exported export(AuditFormat format, Range range, OutputStream out) {
        return operations.run("audit-export", range.facts(format), log -> write(format, range, out), Exported::ending);
    }

    /**
     * Writes entries as lines of a new file that only its owner may read. It has its name when all is written.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#TARGET_UNUSABLE} where the file exists or cannot be
     *     made
     */
    public Exported export(AuditFormat format, Range range, Path file) {
        return operations.run(
                "audit-export",
                range.facts(format).andVeiled("output", file),
                log -> write(format, range, file),
                Exported::ending);
    }

    private Exported write(AuditFormat format, Range range, Path file) {
        Path folder = file.toAbsolutePath().getParent();
        try {
            Path draft = Files.createTempFile(
                    folder,
                    ".audit-",
                    "",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                Exported exported;
                try (OutputStream out = Files.newOutputStream(draft)) {
                    exported = write(format, range, out);
                }
                try (var written = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                    written.force(true);
                }
                Files.createLink(file, draft);
                return exported;
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (FileAlreadyExistsException exists) {
            throw ErrorCode.TARGET_UNUSABLE.because("the file for the export exists", exists);
        } catch (IOException failed) {
            throw unwritable(failed);
        }
    }

    private Exported write(AuditFormat format, Range range, OutputStream out) {
        var export = new AuditExport(format, origin());
        var count = new Count();
        MessageDigest sha256 = sha256();
        // Closing it would close what is the caller's.
        @SuppressWarnings("resource")
        var digested = new DigestOutputStream(new BufferedOutputStream(out, BUFFER), sha256);
        try (Stream<AuditEntry> entries = trail.entries(0)) {
            entries.forEach(entry -> {
                if (range.has(entry)) {
                    count.add(entry.index(), put(digested, export.line(entry)));
                } else {
                    export.skip(entry);
                }
            });
            digested.flush();
            if (out instanceof PrintStream printed && printed.checkError()) {
                throw new IOException("the output was closed");
            }
        } catch (UncheckedIOException failed) {
            throw unwritable(Objects.requireNonNull(failed.getCause()));
        } catch (IOException failed) {
            throw unwritable(failed);
        }
        return new Exported(
                count.entries,
                count.first,
                count.last,
                count.bytes,
                HexFormat.of().formatHex(sha256.digest()));
    }

    private static RuntimeException unwritable(IOException failed) {
        return ErrorCode.TARGET_UNUSABLE.because("the export cannot be written", failed);
    }

    private static int put(OutputStream out, String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            out.write(bytes);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return bytes.length;
    }

    /** What was written until now. */
    private static final class Count {
        private long entries;
        private long first = -1;
        private long last = -1;
        private long bytes;

        void add(long index, int length) {
            first = entries == 0 ? index : first;
            last = index;
            entries++;
            bytes += length;
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /** Who tells it. */
    ExportOrigin origin() {
        String tool = settings.tool();
        return new ExportOrigin(settings.actor().host(), tool.substring(tool.lastIndexOf(' ') + 1));
    }

    /** Begins to send entries to receivers, until what is returned is closed. */
    AuditStreams stream(List<AuditSinkEntry> sinks, AuditStreams.Parts parts) {
        return AuditStreams.start(sinks, trail, origin(), parts);
    }
}
