package org.medbackup.service;

import org.medbackup.linux.Scheduling;

/** For a program that does nothing but background work. */
public final class Background {

    private Background() {}

    /**
     * Makes this process give way to others for a processor, beyond what the engine's threads do by themselves, where it leads
     * its session, as one does that a timer has started.
     *
     * @return whether it was done; where not, nothing is lost but that
     */
    public static boolean begin() {
        return Scheduling.backgroundSession();
    }
}
