package org.medbackup.core.spi.notify;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a person is told of an incident. Never holds the name of a file, a patient's data or a secret.
 *
 * @param incident id, the same for all that is said of one incident, of lower-case letters, digits and hyphens
 * @param kind what has become of the incident
 * @param severity how much somebody is needed
 * @param failure id of the failure in the catalogue, or a code of {@link org.medbackup.core.error.ErrorCode}
 * @param title what failed, in one sentence
 * @param host on which it was met
 * @param resource to what it happened, such as the name of a target or an application in the configuration
 * @param members names of the jobs that it holds up, sorted
 * @param since when it began
 * @param time when this is said
 * @param protectedUntil until when what is protected stays within its RPO; null where that is not at risk or not known
 * @param tried what was tried without a person, in one sentence; empty where nothing was
 * @param next when it is tried again without a person; null where it is not
 * @param remedy what to do, in one or two sentences, with the command where there is one
 */
public record Notification(
        String incident,
        Kind kind,
        Severity severity,
        String failure,
        String title,
        String host,
        String resource,
        List<String> members,
        Instant since,
        Instant time,
        @Nullable Instant protectedUntil,
        String tried,
        @Nullable Instant next,
        String remedy) {

    public Notification {
        members = members.stream().sorted().toList();
    }

    /** What has become of an incident. */
    public enum Kind {
        /** It is new, or back. */
        OPENED,
        /** It is more urgent than it was. */
        RAISED,
        /** It is still there. */
        REMINDED,
        /** Somebody takes care of it. */
        ACKNOWLEDGED,
        /** It is over. */
        RESOLVED
    }
}
