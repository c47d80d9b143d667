package org.medbackup.service.config;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * A program that is called around a phase.
 *
 * @param command absolute path and arguments
 * @param timeout how long it may run
 * @param success exit codes that mean success
 * @param sha256 digest in hexadecimal that the program must have; empty for any
 */
public record HookEntry(List<String> command, Duration timeout, Set<Integer> success, String sha256) {

    /** Where the configuration says nothing. */
    public static final Duration TIMEOUT = Duration.ofSeconds(10);

    public HookEntry {
        command = List.copyOf(command);
        success = Set.copyOf(success);
    }
}
