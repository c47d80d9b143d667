package org.medbackup.control;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.spi.notify.Severity;

/**
 * Something that waits for a person.
 *
 * @param cause which failure it is, as the catalogue of failures or of errors names it
 * @param resource of the configuration that it happens at
 * @param members the jobs that it holds up
 * @param remedy what to do
 * @param state what has become of it
 * @param acknowledgedBy who takes care of it; null where nobody does
 * @param acknowledgedUntil when others are asked again; null where nobody takes care of it
 */
public record IncidentView(
        String id,
        Severity severity,
        Instant since,
        String cause,
        String resource,
        List<String> members,
        String remedy,
        State state,
        @Nullable String acknowledgedBy,
        @Nullable Instant acknowledgedUntil) {

    public IncidentView {
        members = List.copyOf(members);
        Names.requireId(id);
    }

    /** What has become of an incident. */
    public enum State {
        /** Somebody is needed. */
        OPEN,
        /** Somebody takes care of it. */
        ACKNOWLEDGED,
        /** It is over. */
        RESOLVED
    }
}
