package org.medbackup.anomaly;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.medbackup.core.Deadline;
import org.medbackup.core.content.ContentLook;
import org.medbackup.core.content.FileKind;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ContentCheck;

/**
 * Looks at restored files for the signs of ransomware: names that promise a format or text where the content looks random, and
 * canary files that are not as they were made. Reads the first bytes of each file, and tells no name.
 */
public final class RestoredContent implements ContentCheck {

    private static final int HEAD = 8192;
    private static final long LONGEST_CANARY = 1 << 20;

    /** Fewer files may be odd ones: an application may well write ciphertext under any name. */
    private static final long FEW = 3;

    private static final double SHARE = 0.02;

    /** By the service loader. */
    public RestoredContent() {}

    @Override
    public String name() {
        return "ransomware-signs";
    }

    @Override
    public List<Readiness> check(Path folder, Deadline deadline) {
        var seen = new Seen(deadline);
        try {
            Files.walkFileTree(folder, EnumSet.noneOf(FileVisitOption.class), Integer.MAX_VALUE, seen);
        } catch (IOException failed) {
            throw new UncheckedIOException("restored files cannot be walked through", failed);
        }
        return seen.told();
    }

    private static final class Seen extends SimpleFileVisitor<Path> {

        private final Deadline deadline;
        private final byte[] head = new byte[HEAD];
        private long promising;
        private long lost;
        private long random;
        private long looked;
        private long unread;
        private long canaries;
        private long broken;
        private boolean late;

        Seen(Deadline deadline) {
            this.deadline = deadline;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (deadline.hasPassed()) {
                late = true;
                return FileVisitResult.TERMINATE;
            }
            if (attributes.isRegularFile()) {
                try {
                    look(file, attributes.size());
                } catch (IOException unreadable) {
                    unread++;
                }
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) {
            unread++;
            return FileVisitResult.CONTINUE;
        }

        private void look(Path file, long size) throws IOException {
            String name = String.valueOf(file.getFileName());
            if (name.contains(Canary.MARK)) {
                canaries++;
                boolean intact = size <= LONGEST_CANARY && Canary.isIntact(Files.readAllBytes(file));
                broken += intact ? 0 : 1;
                return;
            }
            FileKind kind;
            try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                kind = ContentLook.of(head, 0, in.readNBytes(head, 0, HEAD));
            }
            looked++;
            random += kind == FileKind.RANDOM ? 1 : 0;
            var promised = FileKind.promisedBy(name);
            if (promised.isPresent() && kind != FileKind.UNKNOWN) {
                promising++;
                lost += promised.get().isLostIn(kind) && kind == FileKind.RANDOM ? 1 : 0;
            }
        }

        List<Readiness> told() {
            List<Readiness> all = new ArrayList<>();
            boolean swept = lost >= FEW && lost >= SHARE * promising;
            all.add(new Readiness(
                    "known-formats",
                    !swept,
                    lost + " of " + promising + " files whose names promise a format look random; " + random + " of "
                            + looked + " files look random at all",
                    swept ? "Do not put it into use. Restore the restore point before it, and compare both." : ""));
            if (canaries > 0) {
                all.add(new Readiness(
                        "canaries",
                        broken == 0,
                        broken + " of " + canaries + " canary files are not as they were made",
                        broken == 0 ? "" : "Find out who wrote to them before anything of it is put into use."));
            }
            if (unread > 0 || late) {
                all.add(new Readiness(
                        "all-files-looked-at",
                        false,
                        unread + " files could not be read" + (late ? ", and time was over before the rest" : ""),
                        "Give the drill more time or the right to read what was restored."));
            }
            return all;
        }
    }
}
