package org.medbackup.service;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore.Recall;
import org.medbackup.core.spi.store.ObjectStore.Recall.Readiness;
import org.medbackup.core.spi.store.ObjectStore.Recall.Speed;

/**
 * Brings packs back, so many at a time: the next is asked for when the one that has waited the longest has come. Nothing is
 * remembered here that the target does not know: whoever begins again finds what was asked for on its way.
 */
final class RecallWindow {

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);

    private final Recall recall;
    private final RecallOrder order;
    private final Speed speed;
    private final TimeSource time;

    /**
     * A window.
     *
     * @param speed the one that was chosen
     */
    RecallWindow(Recall recall, RecallOrder order, Speed speed, TimeSource time) {
        this.recall = recall;
        this.order = order;
        this.speed = speed;
        this.time = time;
    }

    /**
     * Waits until all can be read.
     *
     * @param coming what was asked for before
     * @param cold what is to be asked for
     * @throws org.medbackup.core.error.RefusedException with {@link ErrorCode#OBJECT_OFFLINE} where it has not come in time
     */
    void bring(Deque<ObjectName> coming, Deque<ObjectName> cold) {
        long begun = time.nanos();
        Deque<ObjectName> waiting = new ArrayDeque<>(coming);
        Deque<ObjectName> next = new ArrayDeque<>(cold);
        Duration pause = FIRST_PAUSE;
        fill(waiting, next);
        while (!waiting.isEmpty()) {
            Readiness readiness = recall.readiness(waiting.getFirst());
            if (readiness == Readiness.READABLE) {
                waiting.removeFirst();
                fill(waiting, next);
                pause = FIRST_PAUSE;
                continue;
            }
            if (readiness == Readiness.COLD) {
                // Its time was over before the others came.
                ask(waiting.getFirst());
            }
            if (time.since(begun).plus(pause).compareTo(order.patience()) > 0) {
                throw late(waiting.size() + next.size());
            }
            time.sleep(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }

    private void fill(Deque<ObjectName> waiting, Deque<ObjectName> next) {
        while (waiting.size() < order.atOnce() && !next.isEmpty()) {
            ObjectName each = next.removeFirst();
            ask(each);
            waiting.addLast(each);
        }
    }

    private void ask(ObjectName name) {
        recall.request(name, speed, order.keep());
    }

    private RuntimeException late(int missing) {
        return ErrorCode.OBJECT_OFFLINE.because(
                missing + " packs have not come in " + order.patience().toHours() + " h; call it again to wait on");
    }
}
