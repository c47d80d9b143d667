package org.medbackup.governor.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.medbackup.core.error.ErrorCode;

/**
 * A process of this boot.
 *
 * @param process its number, which another may get after it
 * @param started in ticks since the boot, as proc(5) has it in /proc/PID/stat
 */
record Owner(long process, long started) {

    // Places in the fields of stat.
    private static final int STATE = 0;
    private static final int THREADS = 17;
    private static final int STARTED = 19;

    /** This process. */
    static Owner current() {
        long process = ProcessHandle.current().pid();
        try {
            return new Owner(
                    process, Long.parseLong(fields(Path.of("/proc"), process).get(STARTED)));
        } catch (IOException failed) {
            throw ErrorCode.STATE_UNUSABLE.because("/proc cannot be read", failed);
        }
    }

    /** Whether it certainly runs no more; false where that cannot be told. */
    boolean isGone() {
        return isGone(Path.of("/proc"));
    }

    boolean isGone(Path processes) {
        try {
            List<String> fields = fields(processes, process);
            if (Long.parseLong(fields.get(STARTED)) != started) {
                return true;
            }
            // A zombie whose other threads are gone as well: it waits for its parent only.
            boolean ended = fields.get(STATE).equals("Z") || fields.get(STATE).equals("X");
            return ended && Long.parseLong(fields.get(THREADS)) <= 1;
        } catch (NoSuchFileException gone) {
            return true;
        } catch (IOException | RuntimeException unknown) {
            return false;
        }
    }

    private static List<String> fields(Path processes, long process) throws IOException {
        return StatFields.of(Files.readString(processes.resolve(process + "/stat")));
    }
}
