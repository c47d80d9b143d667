package org.medbackup.core.spi.app;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;

/**
 * The log of one application: where it comes from, whether it is without a gap, and which of it a recovery needs. Only
 * {@link #receive} and {@link #handedOver} speak with the application. Closing ends its connections.
 *
 * <p>Failures are {@link org.medbackup.core.error.BackupException}.
 */
public interface ApplicationLog extends AutoCloseable {

    /** As {@link Application#address}. */
    String address();

    /**
     * Receives the log as it is written and stores it, until the thread is interrupted or a limit is reached; a connection
     * that is lost is made again. What was received when it ends is stored, or is in the spool for the next call.
     *
     * @param archive takes what is complete, and now and then what is not
     * @param spool a folder of this application alone, for what is not stored yet; survives this process
     * @param reception when to store and when to end
     * @param listener hears how far it is after each step, at most once a second
     * @return how far it was at its end
     */
    Lag receive(LogArchive archive, Path spool, Reception reception, Consumer<Lag> listener);

    /** A file of the log that the application hands over itself, under the name that it has in the archive. */
    LogArchive.LogFile handedOver(Path file, Deadline deadline);

    /**
     * The file of the archive that the application means by a name of its own.
     *
     * @param asked as the application names it
     * @param destination where it is to appear; may tell which application asks
     * @return its name in the archive; null where none is there
     */
    @Nullable
    String find(String asked, Path destination, List<LogArchive.LogEntry> entries);

    /** What is missing between the first and the last file of the archive, and what stands there in two contents. */
    List<Gap> gaps(List<LogArchive.LogEntry> entries);

    /**
     * Chooses the backup that a recovery begins from, and the log that it needs. Nothing is written.
     *
     * @param bases the application's backups, in any order
     * @param entries all that the archive has
     * @param timeline which line of history, in the application's own terms; empty for the newest
     * @throws org.medbackup.core.error.DamageException with {@link
     *     org.medbackup.core.error.ErrorCode#LOG_INCOMPLETE} where log is missing that the recovery needs; with {@link
     *     org.medbackup.core.error.ErrorCode#RECOVERY_TARGET_UNREACHABLE} where no backup and log lead to the target
     */
    LogReplay plan(List<Base> bases, List<LogArchive.LogEntry> entries, RecoveryTarget target, String timeline);

    /**
     * Names of those files that no recovery from any of these backups needs.
     *
     * @param bases the application's backups that are kept
     * @param entries all that the archive has
     */
    Set<String> expendable(List<Base> bases, List<LogArchive.LogEntry> entries);

    @Override
    void close();

    /**
     * A backup that a recovery can begin from.
     *
     * @param id of the restore point
     * @param time of its commit
     * @param evidence as {@link ApplicationRecovery.RestoredFiles#evidence}
     */
    record Base(String id, Instant time, Map<String, String> evidence) {

        public Base {
            evidence = Map.copyOf(evidence);
        }
    }

    /**
     * When to store what was received, and when to end.
     *
     * @param slot name by which the application keeps its log for this receiver
     * @param files stored as soon as so many files are complete
     * @param interval stored at the latest after this time, also what is not complete
     * @param end position to end at; empty for none
     * @param lasting how long to receive; null for until the thread is interrupted
     */
    record Reception(
            String slot,
            int files,
            Duration interval,
            String end,
            @Nullable Duration lasting) {

        /** Eight files or five minutes, without an end. */
        public static final Reception USUAL = new Reception("medbackup", 8, Duration.ofMinutes(5), "", null);
    }

    /**
     * How far the archive is behind.
     *
     * @param received last position that is durable on this machine
     * @param stored last position that is in the archive; empty where this call has stored none
     * @param bytes between what the application has written and what is stored
     * @param retained bytes of log that the application keeps for this receiver
     * @param time since the oldest byte that is not stored was received
     * @param files how many this call has stored
     */
    record Lag(String received, String stored, long bytes, long retained, Duration time, long files) {}

    /**
     * Something missing.
     *
     * @param from name of the first file that is missing
     * @param to name of the last one
     * @param why what shows it
     */
    record Gap(String from, String to, String why) {}
}
