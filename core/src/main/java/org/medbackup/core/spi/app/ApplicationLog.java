package org.medbackup.core.spi.app;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.medbackup.core.Deadline;

/**
 * The log of one application: where it comes from and whether it is without a gap. Closing ends its connections.
 *
 * <p>Failures are {@link org.medbackup.core.error.BackupException}.
 */
public interface ApplicationLog extends AutoCloseable {

    /** As {@link Application#address}. */
    String address();

    /**
     * Receives the log as it is written and stores it, until the thread is interrupted; a connection that is lost is
     * made again.
     *
     * @param archive takes what is complete
     * @param spool a folder of this application alone, for what is not complete yet; survives this process
     * @param listener hears how far it is after each step
     */
    void receive(LogArchive archive, Path spool, Consumer<Lag> listener);

    /** The names that files of the log have in the archive, for a file that the application hands over itself. */
    String nameOf(Path file, Deadline deadline);

    /**
     * What is missing between the first and the last file.
     *
     * @param entries all that the archive has
     */
    List<Gap> gaps(List<LogArchive.LogEntry> entries);

    @Override
    void close();

    /**
     * How far the archive is behind.
     *
     * @param received last position that is on this machine
     * @param stored last position that is in the archive
     * @param bytes between what the application has written and what is stored
     * @param time since the oldest byte that is not stored was received
     */
    record Lag(String received, String stored, long bytes, Duration time) {}

    /**
     * Something missing.
     *
     * @param from name of the first file that is missing
     * @param to name of the last one
     * @param why what shows it
     */
    record Gap(String from, String to, String why) {}
}
