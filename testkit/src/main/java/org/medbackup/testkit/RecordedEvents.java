package org.medbackup.testkit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.EventSink;

/** Keeps all events for a test to look at. Safe for use by several threads. */
public final class RecordedEvents implements EventSink {

    private final List<BackupEvent> events = new CopyOnWriteArrayList<>();

    /** Nothing has happened yet. */
    public RecordedEvents() {}

    @Override
    public void accept(BackupEvent event) {
        events.add(event);
    }

    /** All events in the order of their arrival. */
    public List<BackupEvent> all() {
        return List.copyOf(events);
    }

    /** Those of one kind. */
    public <T extends BackupEvent> List<T> of(Class<T> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
