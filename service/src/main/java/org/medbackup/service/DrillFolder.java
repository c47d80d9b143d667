package org.medbackup.service;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.medbackup.service.DrillResult.Left;

/** Folders of drills: only their owner may enter one, until others may pass through, and in the end it goes with all that is in it. */
final class DrillFolder {

    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private DrillFolder() {}

    static void create(Path folder) throws IOException {
        Files.createDirectory(folder, PRIVATE);
    }

    /** Accounts of applications may go through it to what they know the name of. */
    static void makePassable(Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    }

    /** Removes it; what cannot be removed stays. */
    static void remove(Path folder) {
        try {
            Files.walkFileTree(folder, new Removal());
        } catch (IOException impossible) {
            // What is left is counted.
        }
    }

    /** What is left of it. */
    static Left left(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            int files = 0;
            int sockets = 0;
            for (Path each : all.toList()) {
                files++;
                if (Files.readAttributes(each, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .isOther()) {
                    sockets++;
                }
            }
            return new Left(0, files, sockets);
        } catch (NoSuchFileException gone) {
            return Left.NOTHING;
        } catch (IOException | java.io.UncheckedIOException unreadable) {
            return new Left(0, 1, 0);
        }
    }

    private static final class Removal extends SimpleFileVisitor<Path> {

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
            Set<PosixFilePermission> all = EnumSet.noneOf(PosixFilePermission.class);
            all.addAll(Files.getPosixFilePermissions(folder));
            // What was restored may be closed to its owner too.
            if (all.addAll(PosixFilePermissions.fromString("rwx------"))) {
                Files.setPosixFilePermissions(folder, all);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failed) throws IOException {
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
        }
    }
}
