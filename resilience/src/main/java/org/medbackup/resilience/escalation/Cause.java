package org.medbackup.resilience.escalation;

/**
 * What went wrong, and with what: however many jobs it stops, it is one incident. Immutable.
 *
 * @param failure id of the failure in the catalogue, or a code of {@link org.medbackup.core.error.ErrorCode}
 * @param resource name of what it happened to, such as a target or an application of the configuration
 */
public record Cause(String failure, String resource) {

    /** What cannot be a name, such as a path, is replaced by a name made from its hash. */
    public Cause {
        failure = Wording.name(failure);
        resource = Wording.name(resource);
    }

    /** The id of the incident: 16 hexadecimal digits, the same on every host and after every restart. */
    public String id() {
        // No name holds the line break, so that two causes never give one text.
        return Wording.hash(failure + "\n" + resource, 8);
    }
}
