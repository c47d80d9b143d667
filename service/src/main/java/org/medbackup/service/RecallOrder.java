package org.medbackup.service;

import java.time.Duration;
import org.medbackup.core.spi.store.ObjectStore.Recall.Speed;

/**
 * How what lies in cold storage is brought back.
 *
 * @param speed what comes faster costs more
 * @param keep for how long it is to be readable; as long as the whole restore may take
 * @param patience for how long it is waited for
 */
public record RecallOrder(Speed speed, Duration keep, Duration patience) {

    /** Cheap: within two days, readable for a week. */
    public static RecallOrder of(Speed speed) {
        return new RecallOrder(speed, Duration.ofDays(7), Duration.ofDays(3));
    }
}
