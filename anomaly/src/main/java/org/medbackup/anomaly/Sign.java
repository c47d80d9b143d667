package org.medbackup.anomaly;

/** A sign of ransomware. Their names stand in repositories: none is ever given another meaning. */
public enum Sign {
    /** A file that nobody has a reason to change was changed or is gone. */
    CANARY("a canary file was changed or is gone"),
    /** Many files whose content was plain or of a known format look random now. */
    SWEEP("files of known formats look random now"),
    /** The same, a few at a time, over many runs. */
    SLOW_SWEEP("run by run a few files of known formats have come to look random"),
    /** Many new files of one end of a name look random, and as many old ones are gone. */
    NEW_EXTENSION("new files with one new extension look random, and others are gone"),
    /** More of what was read looks random than is usual. */
    RANDOM_CONTENT("more of what was read looks random than is usual for this source"),
    /** More was read than is usual. */
    CHANGED_BYTES("more has changed than is usual for this source"),
    /** More files are gone than is usual. */
    DELETIONS("more files are gone or renamed than is usual for this source"),
    /** Less of what was read was known already than is usual. */
    DEDUPLICATION("less of what was read was stored before than is usual for this source"),
    /** What was new could be compressed less than is usual. */
    COMPRESSION("what was new could be compressed less than is usual for this source");

    private final String text;

    Sign(String text) {
        this.text = text;
    }

    /** What it says, as part of a sentence. */
    public String text() {
        return text;
    }
}
