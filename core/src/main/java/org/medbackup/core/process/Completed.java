package org.medbackup.core.process;

/**
 * How a program ended.
 *
 * @param exitCode its exit code
 * @param output the first 64 KiB of its standard output
 * @param errors the first 64 KiB of its standard error
 * @param timedOut whether it was killed at its time limit
 */
public record Completed(int exitCode, String output, String errors, boolean timedOut) {

    public boolean succeeded() {
        return exitCode == 0 && !timedOut;
    }
}
