package org.medbackup.core.spi.app;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.ErrorCode;

/** Brings up a restored application beside the real one, and proves that it is right. */
public interface ApplicationRecovery {

    /**
     * Starts the application from restored files on a free loopback port, isolated from the real one's archive and
     * peers, and waits until its own recovery is over. The files that the log needs are fetched before, so that what was
     * restored can be started without us too.
     *
     * @param files what was restored
     * @param deadline by when it must be up
     */
    Recovered start(RestoredFiles files, Deadline deadline);

    /**
     * Whether it works where the programs that it starts have a network of their own: it speaks to them through files alone. Others
     * need the loopback of this machine, which production is on too.
     */
    default boolean worksApart() {
        return false;
    }

    /** Whether bringing it up replays a log that was restored with it, which takes as long as that log is. */
    default boolean replays() {
        return true;
    }

    /**
     * Where the restored files lie.
     *
     * @param root the folder that the restore point's paths lie below
     * @param evidence what the manifest says of the application: {@link Application.Discovery#facts()} and
     *     {@link Application.Consistency#evidence()}
     * @param scratch a folder for logs and sockets, removed by the caller
     * @param target how far the recovery goes
     * @param log what it replays that the restore point does not hold; null where that is nothing
     * @param moved folders of the restore point that were restored elsewhere: where they were, and where they are
     */
    record RestoredFiles(
            Path root,
            Map<String, String> evidence,
            Path scratch,
            RecoveryTarget target,
            @Nullable Log log,
            Map<Path, Path> moved) {

        public RestoredFiles {
            evidence = Map.copyOf(evidence);
            moved = Map.copyOf(moved);
        }

        /** To the end of the backup, with what the restore point holds. */
        public RestoredFiles(Path root, Map<String, String> evidence, Path scratch) {
            this(root, evidence, scratch, new RecoveryTarget.BackupEnd(), null, Map.of());
        }
    }

    /**
     * The log of a recovery.
     *
     * @param archive has it
     * @param replay what of it
     */
    record Log(LogArchive archive, LogReplay replay) {}

    /** A restored application that runs. Closing stops it. */
    interface Recovered extends AutoCloseable {

        /** Where it answers, in the form of its driver, such as a JDBC URL. */
        String address();

        /** How far its recovery went. */
        Reached reached();

        /** Structural checks of the application's own tools, where they are installed. */
        List<Application.Readiness> verify(Deadline deadline);

        /** The port of loopback on which it takes connections; empty where there is none. */
        default OptionalInt port() {
            return OptionalInt.empty();
        }

        /**
         * Asks it something and changes nothing.
         *
         * @param statement in its own language; it is ended at the deadline
         * @return the first column of the first row as text; empty where there is no row, or no value in it
         * @throws org.medbackup.core.error.ApplicationException where the statement fails
         * @throws org.medbackup.core.error.UsageException where applications of its kind cannot be asked
         */
        default Optional<String> ask(String statement, Deadline deadline) {
            throw ErrorCode.USAGE.because("applications of this kind are not asked statements");
        }

        @Override
        void close();
    }

    /**
     * The point a recovery reached.
     *
     * @param time commit time of the last transaction, or null where none was replayed
     * @param position the application's coordinate
     */
    record Reached(@Nullable Instant time, String position) {}
}
