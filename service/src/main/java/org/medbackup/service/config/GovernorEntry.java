package org.medbackup.service.config;

import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.medbackup.core.calendar.BusinessCalendar;
import org.medbackup.core.calendar.Holiday;
import org.medbackup.governor.Limits;
import org.medbackup.governor.Protection;
import org.medbackup.governor.RiskPolicy;
import org.medbackup.governor.WorkClass;

/**
 * What the file says about the use of the machine. Immutable.
 *
 * @param zone on whose clock windows are
 * @param holidays by which windows open or do not
 * @param limits that always hold
 * @param windows with limits of their own, in the order of the file
 * @param weights of classes of work that are not the usual ones
 * @param protections what is watched while backups run
 * @param degraded part of a limit that is used while nothing tells how production does
 * @param risk what comes first where a backup does not end in time
 * @param snapshotMinimum what a backup is not held below by adaptation while it keeps a snapshot open
 */
public record GovernorEntry(
        ZoneId zone,
        List<Holiday> holidays,
        Limits limits,
        List<WindowEntry> windows,
        Map<WorkClass, Integer> weights,
        List<Protection> protections,
        double degraded,
        RiskPolicy risk,
        Limits snapshotMinimum) {

    /** The part of a limit that is used without a signal where the file does not say. */
    public static final double DEGRADED = 0.25;

    /** How often a probe is asked where the file does not say. */
    public static final Duration EVERY = Duration.ofMillis(50);

    public GovernorEntry {
        holidays = List.copyOf(holidays);
        windows = List.copyOf(windows);
        weights = Map.copyOf(weights);
        protections = List.copyOf(protections);
    }

    /** Without a section in the file. */
    public static GovernorEntry none() {
        return new GovernorEntry(
                ZoneId.systemDefault(),
                List.of(),
                Limits.none(),
                List.of(),
                Map.of(),
                List.of(),
                DEGRADED,
                RiskPolicy.PROTECT_PRODUCTION,
                Limits.none());
    }

    /** Whether it limits anything, now, in a window, or where production asks for it. */
    public boolean isLimiting() {
        return !limits.isEmpty() || !windows.isEmpty() || !protections.isEmpty();
    }

    /** The calendar of its windows. */
    public BusinessCalendar calendar() {
        return new BusinessCalendar(
                zone, holidays, windows.stream().map(WindowEntry::window).toList());
    }

    /** The limits of its windows by their names. */
    public SortedMap<String, Limits> windowLimits() {
        var limits = new TreeMap<String, Limits>();
        windows.forEach(each -> limits.put(each.window().name(), each.limits()));
        return limits;
    }
}
