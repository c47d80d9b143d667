package org.medbackup.governor.adapt;

/** Hears what the loop has to tell. Called by the loop's thread. */
interface Happenings {

    /** A signal has said nothing for half a minute. */
    void lost(String name);

    /** The rate was cut to less than half, because of production. Bytes a second. */
    void throttled(long before, long now);

    /** The rate is four fifths of what it was before that, or more. */
    void recovered(long rate, long nanos);

    /** The bound on what is protected was surely not kept. */
    void missed(String name, double low, double high);
}
