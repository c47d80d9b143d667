package org.medbackup.service;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.spi.store.ObjectStore.Recall.Speed;

/**
 * How what lies in cold storage is brought back.
 *
 * @param speed what comes faster costs more; null for the cheapest that is fast enough
 * @param keep for how long it is to be readable; as long as the whole restore may take
 * @param patience for how long it is waited for
 * @param deadline until when all of it is to be readable at the latest, from now on; null for whenever it comes
 * @param budget what it may cost in all, in the currency of the policy; null for whatever it costs
 * @param atOnce how many packs are on their way at the same time
 */
public record RecallOrder(
        @Nullable Speed speed,
        Duration keep,
        Duration patience,
        @Nullable Duration deadline,
        @Nullable Double budget,
        int atOnce) {

    /** 640 GB of full packs: enough that whoever has less waits once, few enough for a library's queue. */
    public static final int AT_ONCE = 10_000;

    private static final Duration KEEP = Duration.ofDays(7);
    private static final Duration PATIENCE = Duration.ofDays(3);

    public RecallOrder {
        if (atOnce < 1) {
            throw new IllegalArgumentException("at least one pack has to be on its way");
        }
    }

    /** Whatever it costs, whenever it comes. */
    public RecallOrder(Speed speed, Duration keep, Duration patience) {
        this(speed, keep, patience, null, null, AT_ONCE);
    }

    /** At a speed, readable for a week, waited for three days at most. */
    public static RecallOrder of(Speed speed) {
        return new RecallOrder(speed, KEEP, PATIENCE);
    }

    /** The same at the cheapest speed. */
    public static RecallOrder cheapest() {
        return new RecallOrder(null, KEEP, PATIENCE, null, null, AT_ONCE);
    }

    /** The same, waited for so long at most. */
    public RecallOrder waiting(Duration longest) {
        return new RecallOrder(speed, keep, longest, deadline, budget, atOnce);
    }

    /** The same, refused where it is not there within a time. */
    public RecallOrder within(Duration latest) {
        return new RecallOrder(speed, keep, patience, latest, budget, atOnce);
    }

    /** The same, refused where it costs more. */
    public RecallOrder costing(double most) {
        return new RecallOrder(speed, keep, patience, deadline, most, atOnce);
    }

    /** The same, with so many packs on their way at the same time. */
    public RecallOrder inBatchesOf(int packs) {
        return new RecallOrder(speed, keep, patience, deadline, budget, packs);
    }
}
