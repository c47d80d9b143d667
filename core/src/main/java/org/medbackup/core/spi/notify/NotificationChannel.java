package org.medbackup.core.spi.notify;

/**
 * A way to people. What was handed over may arrive twice and never half; where a receiver knows incidents, all
 * notifications of one incident are one there.
 *
 * <p>Safe for use by several threads.
 */
public interface NotificationChannel extends AutoCloseable {

    /** What it is and where it goes, for people; without secrets and without the address of a person. */
    String description();

    /**
     * Hands a notification over, and returns when the receiver has taken it.
     *
     * @return the receiver's own name for it, as for a support call; empty where it gives none
     * @throws org.medbackup.core.error.UnavailableException where the receiver does not answer or asks to be asked later
     * @throws org.medbackup.core.error.RefusedException where the receiver takes nothing from us, or not this
     */
    String send(Notification notification);

    @Override
    void close();
}
