package org.medbackup.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;
import org.medbackup.core.error.ErrorCode;

/**
 * The folder in which everything of the demo lies. Others may pass through it, since the database server runs under
 * another account when root calls; what is secret in it has permissions of its own.
 */
final class DemoFolder {

    private final Path root;

    DemoFolder(Path root) {
        this.root = root.toAbsolutePath().normalize();
        try {
            Files.createDirectories(this.root);
            try (Stream<Path> content = Files.list(this.root)) {
                if (content.findAny().isPresent()) {
                    throw ErrorCode.TARGET_UNUSABLE
                            .because("the folder for the demo is not empty")
                            .with("dir", root);
                }
            }
            Files.setPosixFilePermissions(this.root, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException impossible) {
            throw ErrorCode.TARGET_UNUSABLE
                    .because("the folder for the demo cannot be made", impossible)
                    .with("dir", root);
        }
    }

    /** A new folder below the system's folder for temporary files. */
    static Path temporary() {
        try {
            return Files.createTempDirectory("medbackup-demo-");
        } catch (IOException impossible) {
            throw ErrorCode.TARGET_UNUSABLE.because("no temporary folder can be made", impossible);
        }
    }

    Path root() {
        return root;
    }

    Path hospital() {
        return root.resolve("hospital");
    }

    Path restored() {
        return root.resolve("restored");
    }

    Path documents() {
        return hospital().resolve("documents");
    }

    Path cluster() {
        return hospital().resolve("database");
    }

    Path serverLog() {
        return hospital().resolve("database.log");
    }

    Path repository() {
        return root.resolve("repository");
    }

    Path writerKey() {
        return root.resolve("writer.key");
    }

    Path state() {
        return root.resolve("state");
    }

    Path restoredDocuments() {
        return restored().resolve("documents");
    }

    Path restoredDatabase() {
        return restored().resolve("database");
    }

    /** The compliance report. */
    Path report() {
        return reports().resolve("report.json");
    }

    Path reports() {
        return root.resolve("report");
    }

    /** What the steps came to. */
    Path record() {
        return root.resolve("demo.json");
    }

    /** Makes a folder that everybody may pass through. */
    static void make(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException impossible) {
            throw ErrorCode.TARGET_UNUSABLE.because("a folder of the demo cannot be made", impossible);
        }
    }

    /** Removes everything. */
    void remove() {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException left) {
            throw ErrorCode.TARGET_UNUSABLE
                    .because("what the demo made cannot be removed", left)
                    .with("dir", root);
        }
    }
}
