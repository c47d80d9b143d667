package org.medbackup.core.event;

import java.util.List;

/**
 * Takes events. Called from several threads; returns quickly.
 *
 * <p>A sink that must not lose an event (the audit trail) throws when it cannot keep it, and the operation ends.
 */
@FunctionalInterface
public interface EventSink {

    /** Takes one event. */
    void accept(BackupEvent event);

    /** Nobody listens. */
    static EventSink none() {
        return event -> {};
    }

    /** Hands each event to each sink, in order. */
    static EventSink all(List<EventSink> sinks) {
        List<EventSink> fixed = List.copyOf(sinks);
        return event -> fixed.forEach(sink -> sink.accept(event));
    }
}
