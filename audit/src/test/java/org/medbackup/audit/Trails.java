package org.medbackup.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.medbackup.audit.files.DiskSync;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.Outcome;
import org.medbackup.testkit.ManualTime;
import org.medbackup.testkit.SeededEntropy;

/** Trails to test with. */
final class Trails {

    static final Secret KEY = Secret.ofText("the key of a host under test, 32");
    static final Secret OTHER_KEY = Secret.ofText("the key of another host, 32 char");
    static final Actor ACTOR = new Actor("j.doe", "backup01", "ticket 4711", "HOPERAT");
    static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private Trails() {}

    static AuditTrail open(Path folder) {
        return AuditTrail.open(folder, KEY, new ManualTime(), new SeededEntropy(1));
    }

    /** For what is too slow with a disk and needs none. */
    static AuditTrail openWithoutSync(Path folder) {
        return open(folder, channel -> {});
    }

    static AuditTrail open(Path folder, DiskSync sync) {
        return AuditTrail.open(folder, KEY, TimeSource.system(), new SeededEntropy(1), sync);
    }

    static AuditVerification verify(Path folder) {
        return AuditTrail.verify(folder, KEY);
    }

    static BackupEvent started(String operation) {
        return new BackupEvent.Started(
                NOON, operation, "backup", ACTOR, Facts.of("paths", 1).andVeiled("path", "/srv/" + operation));
    }

    static BackupEvent phase(String operation) {
        return new BackupEvent.PhaseEnded(
                NOON, operation, "scan", Outcome.SUCCESS, Duration.ofMillis(1500), Facts.NONE);
    }

    static BackupEvent found(String operation) {
        return new BackupEvent.Found(
                NOON, operation, ErrorCode.FILE_VANISHED, Facts.NONE.andVeiled("path", "/srv/gone"));
    }

    static BackupEvent ended(String operation) {
        return new BackupEvent.Ended(
                NOON, operation, "backup", ACTOR, Outcome.SUCCESS, null, Duration.ofSeconds(2), Facts.of("files", 7));
    }

    /** A closed trail of some entries, a checkpoint after every twentieth and at the end. */
    static Path closed(Path folder, int entries) {
        try (AuditTrail trail = openWithoutSync(folder)) {
            for (int i = 0; i < entries; i++) {
                trail.accept(i % 20 < 19 ? started("op" + i) : ended("op" + i));
            }
        }
        return folder;
    }

    /** A trail as a crash leaves it: the last entries are not signed. */
    static Path crashed(Path folder, Path scratch, int signed, int unsigned) throws IOException {
        closed(scratch, signed);
        try (AuditTrail trail = openWithoutSync(scratch)) {
            for (int i = 0; i < unsigned; i++) {
                trail.accept(phase("late" + i));
            }
            return copy(scratch, folder);
        }
    }

    static Path copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(to.resolve(from.relativize(folder)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.write(to.resolve(from.relativize(file)), Files.readAllBytes(file));
                return FileVisitResult.CONTINUE;
            }
        });
        return to;
    }

    /** To the next byte to try: of signatures of thousands of letters, each of which counts as much as the others, some do. */
    static int stepAt(byte[] content, int at) {
        int begin = at;
        while (begin > 0 && content[begin - 1] != '\n' && content[begin - 1] != 0) {
            begin--;
        }
        int end = at;
        while (end < content.length && content[end] != '\n' && content[end] != 0) {
            end++;
        }
        boolean midst = end - begin > 1000 && at - begin > 100 && end - at > 110;
        return midst ? 101 : 1;
    }

    static List<Path> files(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Code and entry, as {@code CHANGED_ENTRY 3}. */
    static List<String> findings(Path folder) {
        return findings(verify(folder));
    }

    static List<String> findings(AuditVerification verification) {
        return verification.findings().stream()
                .map(each -> each.code() + " " + each.entry())
                .toList();
    }
}
