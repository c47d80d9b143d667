package org.medbackup.app.mariadb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;
import org.medbackup.app.mariadb.binlog.BinlogName;
import org.medbackup.app.mariadb.binlog.BinlogReader;
import org.medbackup.app.mariadb.binlog.BinlogScan;
import org.medbackup.app.mariadb.binlog.GtidState;
import org.medbackup.app.mariadb.binlog.MalformedBinlog;
import org.medbackup.core.error.ErrorCode;

/**
 * A file of the binary log as far as it was received. What is added must come from the same file: its head is the same, its
 * first event begins where ours ends, its checksums are right and its transactions are new; where one of these is in doubt
 * the whole file is read again and compared. Not safe for use by several threads.
 */
final class FileReception {

    /** What a step came to. */
    enum Step {
        /** Nothing is missing of what the server had. */
        ADDED,
        /** Under this name the server has another file now. */
        ANOTHER_LOG,
        /** The server does not have the file any more. */
        GONE
    }

    private final Path path;
    private final BinlogName name;
    private BinlogScan state;
    private long cut;

    private FileReception(Path path, BinlogName name, BinlogScan state) {
        this.path = path;
        this.name = name;
        this.state = state;
    }

    /**
     * Receives a file from its beginning.
     *
     * @param path where it is to lie
     * @return null where the server does not have it
     */
    static @Nullable FileReception begin(BinlogTool tool, Path path, String server, String file) throws IOException {
        Path read = tool.read(file, BinlogReader.FIRST);
        if (read == null) {
            return null;
        }
        BinlogScan scan = scan(read);
        adopt(read, path);
        return new FileReception(path, BinlogName.whole(server, scan.format().digest(), file), scan);
    }

    private static BinlogScan scan(Path read) throws IOException {
        try {
            return BinlogScan.of(read);
        } catch (MalformedBinlog damaged) {
            throw ErrorCode.APPLICATION_FAILED.because("the server's binary log is damaged", damaged);
        }
    }

    private static void adopt(Path read, Path path) throws IOException {
        LogSpool.sync(read);
        Files.move(read, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Receives what was added.
     *
     * @param size that the server says
     */
    Step grow(BinlogTool tool, long size) throws IOException {
        if (size < length()) {
            return Step.ANOTHER_LOG;
        }
        if (size == length()) {
            return Step.ADDED;
        }
        if (length() > BinlogTool.FARTHEST) {
            return again(tool);
        }
        Path read = tool.read(name.file(), length());
        if (read == null) {
            return again(tool);
        }
        try {
            BinlogScan part = BinlogScan.ofPart(read, length(), state.ends());
            if (!part.format().digest().equals(name.head())) {
                return Step.ANOTHER_LOG;
            }
            LogSpool.append(path, read, Files.size(read) - (part.length() - length()));
            state = part;
            return Step.ADDED;
        } catch (MalformedBinlog doubtful) {
            return again(tool);
        } finally {
            Files.deleteIfExists(read);
        }
    }

    /** Reads the whole file; it must begin with what is there. */
    private Step again(BinlogTool tool) throws IOException {
        Path read = tool.read(name.file(), BinlogReader.FIRST);
        if (read == null) {
            return Step.GONE;
        }
        BinlogScan whole = scan(read);
        long same = Files.mismatch(path, read);
        if (!whole.format().digest().equals(name.head()) || same >= 0 && same < length()) {
            return Step.ANOTHER_LOG;
        }
        adopt(read, path);
        state = whole;
        return Step.ADDED;
    }

    Path path() {
        return path;
    }

    BinlogName name() {
        return name;
    }

    long length() {
        return state.length();
    }

    /** The state of the log before the file. */
    GtidState begins() {
        return state.begins();
    }

    /** The state of the log after what is there of it. */
    GtidState ends() {
        return state.ends();
    }

    /** Whether there is more than at the last cut. One without a transaction counts: it may show that others are missing. */
    boolean hasMore() {
        return length() > cut;
    }

    /** The name of what is there now. */
    BinlogName cut() {
        cut = length();
        return name.upTo(cut);
    }
}
