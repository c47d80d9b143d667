package org.medbackup.resilience.escalation;

import java.util.List;
import org.medbackup.core.spi.notify.Notification;

/**
 * A message that is ready for a channel, and what is known there if it arrives. Immutable.
 *
 * @param scope what it is about
 * @param covered the news that it brings
 * @param notification itself
 * @param limited whether it counts for the limit of an hour
 * @param before of the gathering, where it is about several incidents
 * @param after of the gathering, if it arrives
 */
record Envelope(
        Scope scope,
        List<Pending> covered,
        Notification notification,
        boolean limited,
        Gathering before,
        Gathering after) {

    Envelope {
        covered = List.copyOf(covered);
    }

    /** What a message is about. */
    enum Scope {
        /** One incident. */
        ONE,
        /** All for which there was no room within the limit of an hour. */
        SURPLUS,
        /** All warnings. */
        DIGEST
    }
}
