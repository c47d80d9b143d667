package org.medbackup.core.spi.app;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.medbackup.core.Deadline;
import org.medbackup.core.event.Outcome;

/**
 * One application for one backup. The framework calls the phases in this order:
 *
 * <p>{@code discover, check, prepare, freeze, mark, thaw, copy, verify, after}
 *
 * <p>and promises: {@link #thaw} is called once {@link #freeze} was attempted, whatever has failed since, and again
 * until it succeeds; {@link #after} is called once {@link #prepare} was attempted; {@link #copy} never happens while the
 * application is frozen. One thread calls the phases; {@link #thaw} may come from another one, at any time. A phase that
 * outlasts its budget is interrupted; when it does not return even then, what follows comes from another thread.
 *
 * <p>Failures are {@link org.medbackup.core.error.ApplicationException} or
 * {@link org.medbackup.core.error.UnavailableException}.
 */
public interface Application extends AutoCloseable {

    /** Kind and address without secrets, such as {@code postgresql://127.0.0.1:5432}. */
    String address();

    /** Connects, and tells what is there. */
    Discovery discover(Deadline deadline);

    /** Whether a consistent backup is possible, each finding with the statement that mends it. */
    List<Readiness> check(Deadline deadline);

    /** Opens what the backup needs and puts the application into its backup mode, where that costs it little. */
    void prepare(String run, Deadline deadline);

    /** Whether {@link #freeze} stops the application's writes; if not, freeze and thaw are not called. */
    boolean freezes();

    /**
     * What another process needs beside the connection to end just the freeze that comes and no other, such as which session
     * will hold it: as options of a connection that no configuration holds. Asked after {@link #prepare}. No secrets.
     */
    default Map<String, String> freezeHandle() {
        return Map.of();
    }

    /** Stops the application's writes. */
    void freeze(Deadline deadline);

    /** Takes the point to which the backup will be consistent. */
    void mark(Deadline deadline);

    /**
     * Whether what {@link #copy} hands over is of the moment of {@link #mark}. Otherwise it is consistent to a moment of its
     * own, such as the end of the copy, and cannot stand for one point together with other applications.
     */
    default boolean copiesItsMark() {
        return true;
    }

    /**
     * Lets the application write again. Idempotent. Returns only when the application itself said that it is not frozen.
     * May be called on a fresh instance in another process, before any other phase: a watchdog does, and what starts after
     * a crash; its connection then has the options of {@link #freezeHandle}. What others have frozen stays so.
     */
    void thaw(Deadline deadline);

    /** Hands over what is to be stored, and ends the application's backup mode. */
    void copy(CopySink sink);

    /** Says what was reached, after asking the application whether it still holds. */
    Consistency verify(Deadline deadline);

    /** Cleans up in the application. Idempotent. */
    void after(Outcome outcome, Deadline deadline);

    /** Closes connections. */
    @Override
    void close();

    /**
     * What was found.
     *
     * @param version the application's version, such as {@code 18.1}
     * @param identity what stays the same for the application's life, such as a system identifier
     * @param facts more, for the manifest; no secrets
     */
    record Discovery(String version, String identity, Map<String, String> facts) {

        public Discovery {
            facts = Map.copyOf(facts);
        }
    }

    /**
     * One precondition.
     *
     * @param name short name, such as {@code wal_level}
     * @param ok whether it is met
     * @param message what was found
     * @param remedy the statement or act that mends it; empty when it is met
     */
    record Readiness(String name, boolean ok, String message, String remedy) {}

    /**
     * To what the stored data is consistent.
     *
     * @param level how much that says
     * @param position the application's own coordinate, such as an LSN
     * @param added how long the application was held up or slowed by start and stop, beside the time it was frozen
     * @param evidence more, for the manifest; no secrets
     */
    record Consistency(ConsistencyLevel level, String position, Duration added, Map<String, String> evidence) {

        public Consistency {
            evidence = Map.copyOf(evidence);
        }
    }
}
