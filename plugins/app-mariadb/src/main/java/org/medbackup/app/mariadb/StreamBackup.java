package org.medbackup.app.mariadb;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Processes.Piped;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.CopySink;
import org.medbackup.core.spi.app.CopySink.Choice;
import org.medbackup.core.spi.app.CopySink.Cut;
import org.medbackup.core.spi.app.CopySink.TreeCopy;

/** One run of {@code mariadb-backup}, whose stream is taken apart into the server's files again. */
final class StreamBackup {

    private static final Duration LAST_WORDS = Duration.ofMinutes(1);
    private static final Pattern LAST_LSN = Pattern.compile("last_lsn = (\\d+)");

    private final Connector connector;
    private final Server server;
    private final Path scratchRoot;
    private final Outside outside;

    StreamBackup(Connector connector, Server server, Path scratchRoot, Outside outside) {
        this.connector = connector;
        this.server = server;
        this.scratchRoot = scratchRoot;
        this.outside = outside;
    }

    /**
     * What was reached.
     *
     * @param held how long the tool has held the commits
     */
    record Reached(Position position, Duration held) {}

    Reached run(CopySink sink) {
        try {
            Path scratch = Files.createTempDirectory(
                    scratchRoot,
                    "medbackup-mariadb",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            try {
                return run(sink, scratch);
            } finally {
                Folders.remove(scratch);
            }
        } catch (IOException failed) {
            throw scratchFailed(failed);
        }
    }

    private Reached run(CopySink sink, Path scratch) throws IOException {
        var spool = new Spool(Files.createDirectory(scratch.resolve("spool")));
        Path words = scratch.resolve("words");
        try (Piped tool = outside.processes().pipe(command(scratch).writingTo(words));
                ToolLog log = ToolLog.follow(words, outside.time());
                StreamReception reception =
                        StreamReception.start(tool.output(), spool, failed -> meaning(failed, tool, log))) {
            handOver(reception, sink);
            if (!tool.await(LAST_WORDS) || !log.saysDone()) {
                throw log.failure();
            }
            handOver(spool, sink);
            folders(sink);
            return new Reached(position(spool), log.heldCommits());
        }
    }

    /** Where the stream ends early, the tool has said why; where our spool fails, the tool is to blame for nothing. */
    private static BackupException meaning(IOException failed, Piped tool, ToolLog log) {
        if (failed instanceof Spool.Failure full) {
            return scratchFailed(full);
        }
        if (!(failed instanceof EOFException)) {
            tool.close();
            return ErrorCode.APPLICATION_FAILED.because("the stream of mariadb-backup cannot be understood", failed);
        }
        tool.await(LAST_WORDS);
        return log.failure();
    }

    private Command command(Path scratch) throws IOException {
        Path options = OptionFile.write(
                scratch.resolve("options.cnf"),
                "mariabackup",
                Map.of(
                        "user", connector.address().user(),
                        "password", connector.passwordText(),
                        "host", connector.address().host(),
                        "port", Integer.toString(connector.address().port()),
                        "protocol", "tcp"));
        return Command.of(
                        Tools.require(Tools.BACKUP).toString(),
                        "--defaults-file=" + options,
                        "--backup",
                        "--stream=xbstream",
                        "--parallel=1",
                        "--target-dir=" + Files.createDirectory(scratch.resolve("target")))
                .in(scratch);
    }

    private void handOver(StreamReception reception, CopySink sink) throws IOException {
        try {
            for (String path = reception.nextFile(); path != null; path = reception.nextFile()) {
                sink.stream(as(path), reception.content(), attributes(path), Cut.PAGES);
            }
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.because("interrupted while mariadb-backup worked", cancelled);
        }
    }

    private void handOver(Spool spool, CopySink sink) throws IOException {
        for (Map.Entry<String, Path> each : spool.files().entrySet()) {
            try (InputStream content = Files.newInputStream(each.getValue())) {
                sink.stream(as(each.getKey()), content, attributes(each.getKey()), Cut.PAGES);
            }
        }
    }

    /** The databases' folders with their owners and permissions; what lies in them came before. */
    private void folders(CopySink sink) {
        Path data = server.dataDirectory();
        sink.tree(new TreeCopy(
                data,
                Folders.path(data),
                (below, folder) -> folder ? Choice.FOLDER_ONLY : Choice.OMIT,
                Cut.CONTENT,
                true));
    }

    private PathBytes as(String path) {
        String plain = path.startsWith("./") ? path.substring(2) : path;
        if (plain.startsWith("/") || ("/" + plain + "/").contains("/../")) {
            throw ErrorCode.APPLICATION_FAILED.because("mariadb-backup names a file outside of the data directory");
        }
        return Folders.path(server.dataDirectory()).resolve(PathBytes.of(plain));
    }

    private CopySink.StreamAttributes attributes(String path) throws IOException {
        String original = path.endsWith(".new") ? path.substring(0, path.length() - 4) + ".ibd" : path;
        return Folders.attributes(server.dataDirectory(), original);
    }

    private static Position position(Spool spool) throws IOException {
        Matcher lsn = LAST_LSN.matcher(spool.text("xtrabackup_checkpoints") + spool.text("mariadb_backup_checkpoints"));
        return Position.parse(
                spool.text("xtrabackup_binlog_info") + spool.text("mariadb_backup_binlog_info"),
                lsn.find() ? lsn.group(1) : "");
    }

    static BackupException scratchFailed(IOException failed) {
        String why = String.valueOf(failed.getMessage());
        ErrorCode code = why.contains("No space left") ? ErrorCode.NO_SPACE : ErrorCode.APPLICATION_FAILED;
        return code.because("the scratch folder cannot be used", failed);
    }
}
