package org.medbackup.resilience.escalation;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.CancelledException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.notify.NotificationChannel;

/**
 * Hands messages over, one at a time for each channel, at least once each. Safe for use by several threads: boxes are
 * touched with the lock held, and channels are called without it.
 */
final class Outbox {

    /** Hears of each message; called with the lock held. */
    interface Listener {

        /** It is about to go out, and is waited for until an instant. */
        void begun(Instant impatient);

        /** It did not go out. */
        void takenBack();

        /** It was taken, after failures or not. */
        void arrived(String channel, Envelope envelope, String receipt, Duration took, boolean failedBefore);

        /** It was not taken, so many in a row. */
        void notTaken(String channel, Envelope envelope, ErrorCode code, Duration took, int failures);
    }

    private final Map<String, Box> boxes;
    private final Map<String, NotificationChannel> channels;
    private final Duration patience;
    private final TimeSource time;
    private final Executor sending;
    private final Object lock;
    private final Listener listener;
    private final Set<String> running = new HashSet<>();

    Outbox(
            Map<String, Box> boxes,
            Map<String, NotificationChannel> channels,
            Duration patience,
            TimeSource time,
            Executor sending,
            Object lock,
            Listener listener) {
        this.boxes = boxes;
        this.channels = new LinkedHashMap<>(channels);
        this.patience = patience;
        this.time = time;
        this.sending = sending;
        this.lock = lock;
        this.listener = listener;
    }

    /** Whether a channel has something to send that nobody sends yet; with the lock held. */
    boolean isDue(Alarm alarm) {
        boolean due = false;
        for (Map.Entry<String, Box> each : boxes.entrySet()) {
            due |= !running.contains(each.getKey()) && each.getValue().choose(alarm) != null;
        }
        return due;
    }

    /** Lets each channel that has something to send do so; without the lock. */
    void start() {
        for (String channel : boxes.keySet()) {
            if (claim(channel)) {
                try {
                    sending.execute(() -> deliver(channel));
                } catch (RuntimeException notRun) {
                    release(channel);
                    throw notRun;
                }
            }
        }
    }

    private boolean claim(String channel) {
        synchronized (lock) {
            boolean ready = box(channel).choose(new Alarm(time.now())) != null;
            return ready && running.add(channel);
        }
    }

    private void release(String channel) {
        synchronized (lock) {
            running.remove(channel);
        }
    }

    private Box box(String channel) {
        return Objects.requireNonNull(boxes.get(channel));
    }

    private void deliver(String channel) {
        try {
            Envelope envelope = next(channel);
            while (envelope != null) {
                send(channel, envelope);
                envelope = next(channel);
            }
        } finally {
            release(channel);
        }
        // What one channel did not take may have to go to another.
        start();
    }

    /** Written down as under way before it is sent: after a crash it may have arrived. */
    private @Nullable Envelope next(String channel) {
        synchronized (lock) {
            Instant now = time.now();
            Envelope envelope = box(channel).choose(new Alarm(now));
            if (envelope != null) {
                box(channel).begin(envelope, now);
                listener.begun(now.plus(patience));
            }
            return envelope;
        }
    }

    private void send(String channel, Envelope envelope) {
        long started = time.nanos();
        String receipt;
        try {
            receipt = Objects.requireNonNull(channels.get(channel)).send(envelope.notification());
        } catch (CancelledException interrupted) {
            synchronized (lock) {
                box(channel).takeBack(envelope);
                listener.takenBack();
            }
            throw interrupted;
        } catch (RuntimeException failed) {
            notTaken(channel, envelope, OwnFaults.codeOf(failed), time.since(started));
            return;
        }
        arrived(channel, envelope, receipt, time.since(started));
    }

    private void arrived(String channel, Envelope envelope, String receipt, Duration took) {
        synchronized (lock) {
            boolean failedBefore = box(channel).failures() > 0;
            box(channel).arrived(envelope);
            listener.arrived(channel, envelope, receipt, took, failedBefore);
        }
    }

    private void notTaken(String channel, Envelope envelope, ErrorCode code, Duration took) {
        synchronized (lock) {
            Box box = box(channel);
            box.failed(envelope, time.now(), code == ErrorCode.NOTIFICATION_REFUSED);
            listener.notTaken(channel, envelope, code, took, box.failures());
        }
    }
}
