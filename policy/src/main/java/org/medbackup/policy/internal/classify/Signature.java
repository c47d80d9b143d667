package org.medbackup.policy.internal.classify;

import org.medbackup.policy.DataKind;

/**
 * What the first bytes of a binary file say.
 *
 * @param kind of it
 * @param nature whether anybody can look into it
 */
record Signature(DataKind kind, Nature nature) {

    /** What lies behind a signature. */
    enum Nature {
        /** Content that the first bytes do not show. */
        OPAQUE,
        /** A program, a font, compiled text: made by builders of software and not by people at work. */
        PROGRAM,
        /** Made unreadable on purpose. */
        ENCRYPTED
    }

    static final Signature NONE = new Signature(DataKind.OTHER, Nature.OPAQUE);
    static final Signature PROGRAM = new Signature(DataKind.OTHER, Nature.PROGRAM);
    static final Signature ENCRYPTED = new Signature(DataKind.OTHER, Nature.ENCRYPTED);
    static final Signature ARCHIVE = new Signature(DataKind.ARCHIVE, Nature.OPAQUE);
    static final Signature IMAGE = new Signature(DataKind.IMAGE, Nature.OPAQUE);
    static final Signature DATABASE = new Signature(DataKind.DATABASE, Nature.OPAQUE);
    static final Signature OFFICE = new Signature(DataKind.OFFICE, Nature.OPAQUE);
    static final Signature PDF = new Signature(DataKind.PDF, Nature.OPAQUE);

    /** Whether nothing is known of it. */
    boolean isNone() {
        return equals(NONE);
    }
}
