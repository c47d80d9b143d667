package org.medbackup.app.mariadb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medbackup.app.mariadb.binlog.BinlogReader;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Completed;
import org.medbackup.core.process.Processes;

/**
 * The server's own tool, which reads files of the binary log as a replica does.
 *
 * @param folder of ours alone; takes the password's file, and what is read
 */
record BinlogTool(Connector connector, Processes processes, Path folder) {

    private static final Duration PATIENCE = Duration.ofHours(6);

    /** The server reads positions of four bytes (MariaDB manual, "COM_BINLOG_DUMP"). */
    static final long FARTHEST = 0xffffffffL;

    BinlogTool prepared() {
        try {
            Path options = folder.resolve("options.cnf");
            Files.deleteIfExists(options);
            OptionFile.write(
                    options,
                    "client",
                    Map.of(
                            "user", connector.address().user(),
                            "password", connector.passwordText(),
                            "host", connector.address().host(),
                            "port", Integer.toString(connector.address().port()),
                            "protocol", "tcp"));
            return this;
        } catch (IOException failed) {
            throw LogSpool.unusable(failed);
        }
    }

    /**
     * Reads a file as far as it was written.
     *
     * @param from position to begin at; the first event comes in any case
     * @return where it lies; null where the server does not have it, or nothing at this position
     */
    @Nullable
    Path read(String file, long from) {
        Path read = folder.resolve(file);
        try {
            Files.deleteIfExists(read);
        } catch (IOException failed) {
            throw LogSpool.unusable(failed);
        }
        Completed done = processes.run(Command.of(List.of(
                        Tools.require(Tools.BINLOG).toString(),
                        "--defaults-file=" + folder.resolve("options.cnf"),
                        "--read-from-remote-server",
                        "--raw",
                        "--result-file=" + folder + "/",
                        "--start-position=" + from,
                        file))
                .in(folder)
                .within(PATIENCE));
        if (done.succeeded()) {
            return Files.exists(read) ? read : null;
        }
        String said = done.errors();
        if (said.contains("Could not find first log") || said.contains("impossible position")) {
            return null;
        }
        if (said.contains("truncated in the middle of event") || said.contains("bogus data in log event")) {
            // A crash can leave half an event at the end; what stands before it has come.
            return from == BinlogReader.FIRST && Files.exists(read) ? read : null;
        }
        throw meaning(said);
    }

    /** The tool's words may hold data; they go nowhere. */
    private static BackupException meaning(String said) {
        if (said.contains("you need (at least one of)")) {
            return ErrorCode.APPLICATION_NOT_READY.because(
                    "the account lacks REPLICATION SLAVE, which it needs to read the binary log");
        }
        if (said.contains("No space left") || said.contains("Errcode: 28")) {
            return ErrorCode.NO_SPACE.because("the spool of the log is full");
        }
        if (said.contains("Could not create") || said.contains("Could not write")) {
            return ErrorCode.STATE_UNUSABLE.because("the spool of the log cannot be written");
        }
        // Whatever else there is has to do with the server or the way to it.
        return ErrorCode.APPLICATION_UNREACHABLE.because("mariadb-binlog could not read the binary log");
    }
}
