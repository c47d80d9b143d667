package org.medbackup.core.spi.store;

import java.time.Instant;
import java.util.List;

/**
 * Which restore points are still to be copied, and to where: what could not be copied when it was meant to be, and what was
 * backed up to another target than its own. It survives the process. Safe for use by several threads and processes.
 *
 * <p>Losing it loses no data: a copy that it does not name is made by the next one of its source.
 */
public interface CopyLedger {

    /** Where the repository itself lies, among the names of targets. */
    String REPOSITORY = "";

    /** A target as people are told of it; the repository itself has no name of its own. */
    static String shown(String target) {
        return target.equals(REPOSITORY) ? "repository" : target;
    }

    /**
     * A copy that is still to be made.
     *
     * @param snapshot id of the restore point
     * @param from name of a target that has it
     * @param to name of the target that is to have it
     * @param since when it was first missing
     */
    record Missing(String snapshot, String from, String to, Instant since) {}

    /** Writes down that a copy is to be made; the same one twice is one. */
    void wanted(Missing copy);

    /** Writes down that a target has a restore point, or that it will not get it any more. */
    void settled(String snapshot, String to);

    /** What is to be copied, oldest first. */
    List<Missing> missing();
}
