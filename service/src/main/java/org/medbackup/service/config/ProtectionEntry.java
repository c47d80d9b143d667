package org.medbackup.service.config;

import java.net.URI;
import java.time.Duration;

/**
 * An application whose response is watched while backups run.
 *
 * @param name by which reports call it
 * @param signal address of what tells how it does
 * @param every how often it is asked
 * @param maxRise by what part of it its 99th percentile may rise, as 0.15; infinite where the file does not say
 * @param p99 what its 99th percentile must not exceed, in seconds or as a share; infinite where the file does not say
 */
public record ProtectionEntry(String name, URI signal, Duration every, double maxRise, double p99) {

    /** How often it is asked where the file does not say. */
    public static final Duration EVERY = Duration.ofMillis(50);
}
