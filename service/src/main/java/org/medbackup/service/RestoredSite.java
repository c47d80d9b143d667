package org.medbackup.service;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A site that was restored on this machine.
 *
 * @param snapshot id of the restore point
 * @param time when that was made
 * @param host on which
 * @param configuration file of the configuration
 * @param plans files that lay beside it
 * @param state folder
 * @param entries of the audit trail, all of which were proven; it goes on from there
 * @param setAside what stood where something was restored, under its new names
 * @param took in all
 */
public record RestoredSite(
        String snapshot,
        Instant time,
        String host,
        Path configuration,
        List<Path> plans,
        Path state,
        long entries,
        List<Path> setAside,
        Duration took) {

    public RestoredSite {
        plans = List.copyOf(plans);
        setAside = List.copyOf(setAside);
    }
}
