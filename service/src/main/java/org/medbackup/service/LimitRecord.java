package org.medbackup.service;

import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.Queue;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.EventSink;
import org.medbackup.core.event.Facts;
import org.medbackup.governor.Limits;

/**
 * Says who changed which limits. A change holds before it is said; what could not be kept is said again until it is. Safe
 * for use by several threads.
 */
final class LimitRecord {

    private final Settings settings;
    private final EventSink sink;
    private final String operation;
    private final Queue<BackupEvent> unsaid = new ArrayDeque<>();

    LimitRecord(Settings settings, EventSink sink) {
        this.settings = settings;
        this.sink = sink;
        this.operation = HexFormat.of().formatHex(settings.entropy().bytes(8));
    }

    /** Somebody of this host. */
    Actor actor(String name) {
        return new Actor(name, settings.actor().host(), null, null);
    }

    /** Limits are others now. */
    synchronized void changed(Actor actor, String rule, Limits before, Limits now) {
        unsaid.add(new BackupEvent.LimitChanged(
                settings.time().now(), operation, actor, rule, before.toString(), now.toString()));
    }

    /** Something is wrong with what was to be changed. */
    synchronized void refused(ErrorCode code, Facts facts) {
        unsaid.add(new BackupEvent.Found(settings.time().now(), operation, code, facts));
    }

    /**
     * Says what there is to say.
     *
     * @throws RuntimeException of the listener that could not keep it; it is said again the next time
     */
    synchronized void say() {
        for (BackupEvent next = unsaid.peek(); next != null; next = unsaid.peek()) {
            sink.accept(next);
            unsaid.remove();
        }
    }
}
