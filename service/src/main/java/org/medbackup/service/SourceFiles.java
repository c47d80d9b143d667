package org.medbackup.service;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.PatternSyntaxException;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.place.FileFacts;
import org.medbackup.linux.Errno;
import org.medbackup.linux.Fd;
import org.medbackup.linux.FileStatus;
import org.medbackup.linux.Folder;
import org.medbackup.linux.LinuxException;
import org.medbackup.policy.Classifier;

/** Goes through file trees and reads the first bytes of each file; what cannot be read is said and passed over. */
final class SourceFiles {

    private final Consumer<Seen> files;
    private final Consumer<Unread> unread;

    /**
     * One on its way.
     *
     * @param files gets each regular file
     * @param unread gets what cannot be read; a file of which nothing can be read is given to both
     */
    SourceFiles(Consumer<Seen> files, Consumer<Unread> unread) {
        this.files = files;
        this.unread = unread;
    }

    /**
     * A file.
     *
     * @param facts of its directory entry
     * @param head its first bytes; empty where it cannot be read
     */
    record Seen(FileFacts facts, ByteBuffer head) {}

    /**
     * Something that cannot be read.
     *
     * @param path of it, for the caller's eyes only
     * @param message why
     */
    record Unread(PathBytes path, String message) {}

    /** What is left out. */
    record Limits(List<PathMatcher> names, List<PathMatcher> paths, boolean oneFileSystem) {

        static final Limits NONE = new Limits(List.of(), List.of(), false);

        /**
         * As a backup leaves out: a pattern without a slash is held against each name, one with a slash at its beginning
         * against the whole path, another one against every tail of it.
         */
        static Limits of(List<String> exclusions, boolean oneFileSystem) {
            List<PathMatcher> names = new ArrayList<>();
            List<PathMatcher> paths = new ArrayList<>();
            for (String each : exclusions) {
                String pattern = each.endsWith("/") ? each.substring(0, each.length() - 1) : each;
                if (!pattern.contains("/")) {
                    names.add(matcher(pattern));
                } else {
                    paths.add(matcher(pattern.startsWith("/") ? pattern : "**/" + pattern));
                }
            }
            return new Limits(names, paths, oneFileSystem);
        }

        private static PathMatcher matcher(String pattern) {
            String plain = pattern.replace("{", "\\{").replace("}", "\\}");
            try {
                return FileSystems.getDefault().getPathMatcher("glob:" + plain);
            } catch (PatternSyntaxException malformed) {
                throw ErrorCode.PATTERN_MALFORMED.because("an exclusion cannot be read", malformed);
            }
        }

        boolean omit(PathBytes path) {
            if (names.isEmpty() && paths.isEmpty()) {
                return false;
            }
            try {
                Path whole = Path.of(path.toString());
                Path name = Path.of(path.name().toString());
                return names.stream().anyMatch(each -> each.matches(name))
                        || paths.stream().anyMatch(each -> each.matches(whole));
            } catch (InvalidPathException foreign) {
                return false;
            }
        }
    }

    /** Goes through a file, or a folder with all that is below it. */
    void visit(PathBytes path, Limits limits) {
        try {
            Optional<FileStatus> status = Fd.CWD.status(path.bytes());
            if (status.isEmpty()) {
                unread.accept(new Unread(path, "it does not exist"));
            } else if (!status.get().isFolder() && !status.get().isRegular()) {
                unread.accept(new Unread(path, "it is neither a file nor a folder"));
            } else {
                visit(Fd.CWD, path.bytes(), path, status.get(), limits);
            }
        } catch (LinuxException failed) {
            unread.accept(new Unread(path, message(failed)));
        }
    }

    private void visit(Fd parent, byte[] name, PathBytes path, FileStatus status, Limits limits) {
        if (Thread.currentThread().isInterrupted()) {
            throw ErrorCode.CANCELLED.because("interrupted while going through files");
        }
        if (status.isRegular()) {
            file(parent, name, path, status);
        } else if (status.isFolder()) {
            folder(parent, name, path, status, limits);
        }
    }

    private void folder(Fd parent, byte[] name, PathBytes path, FileStatus status, Limits limits) {
        try (Fd fd = parent.open(name, Fd.READ | Fd.FOLDER | Fd.NO_FOLLOW)) {
            Folder names = Folder.read(fd);
            for (int i = 0; i < names.size(); i++) {
                byte[] child = names.name(i);
                PathBytes below = path.resolve(child);
                Optional<FileStatus> entry = limits.omit(below) ? Optional.empty() : fd.status(child);
                boolean elsewhere = limits.oneFileSystem()
                        && entry.isPresent()
                        && entry.get().device() != status.device();
                if (entry.isPresent() && !elsewhere) {
                    visit(fd, child, below, entry.get(), limits);
                }
            }
        } catch (LinuxException failed) {
            unread.accept(new Unread(path, message(failed)));
        }
    }

    private void file(Fd parent, byte[] name, PathBytes path, FileStatus status) {
        ByteBuffer head = ByteBuffer.allocate(0);
        if (status.maySleep()) {
            unread.accept(
                    new Unread(path, "nothing of it lies on the disk, and nothing is brought back to look at it"));
            seen(path, status, head);
            return;
        }
        try (Fd fd = opened(parent, name);
                Arena arena = Arena.ofConfined()) {
            var memory = arena.allocate(Classifier.HEAD);
            head = ByteBuffer.wrap(memory.asSlice(0, fd.read(memory, 0)).toArray(JAVA_BYTE));
        } catch (LinuxException failed) {
            unread.accept(new Unread(path, message(failed)));
        }
        seen(path, status, head);
    }

    private void seen(PathBytes path, FileStatus status, ByteBuffer head) {
        files.accept(new Seen(
                new FileFacts(
                        path,
                        status.size(),
                        status.modified().instant(),
                        status.uid(),
                        status.gid(),
                        status.mode(),
                        status.accessed().instant()),
                head));
    }

    /** Only its owner may leave the access time alone. */
    private static Fd opened(Fd parent, byte[] name) {
        int flags = Fd.READ | Fd.NO_FOLLOW | Fd.NON_BLOCK;
        try {
            return parent.open(name, flags | Fd.NO_ACCESS_TIME);
        } catch (LinuxException refused) {
            if (refused.is(Errno.EPERM)) {
                return parent.open(name, flags);
            }
            throw refused;
        }
    }

    private static String message(LinuxException failed) {
        return "it cannot be read: " + failed.errno();
    }
}
