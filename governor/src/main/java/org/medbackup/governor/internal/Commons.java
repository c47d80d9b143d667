package org.medbackup.governor.internal;

/**
 * What those have in common who use one resource of this host from several processes. A gate asks it around each change of
 * a ledger: it takes over what the others wrote, changes ledgers that are shared, and publishes, all or nothing. A share of a
 * limit that is leased from other hosts fits in here in the same way.
 *
 * <p>Not safe for use by several threads; the gate's lock is.
 */
interface Commons {

    /** Takes over what others have written. */
    void refresh(long now);

    /**
     * Lets others see what was changed since.
     *
     * @return false where somebody else was quicker: nothing was changed then, and it has to be done again
     */
    boolean publish();

    /**
     * Nanoseconds for which others come first who got less for their weight; 0 where it is this process's turn.
     *
     * @param ahead how much it may have got before they have
     */
    long turn(long now, double ahead);

    /** A job waits here. */
    void demanded(long now, Route route);

    /** A job got something. */
    void served(long now, Route route, long amount);

    /** One process alone. */
    Commons ALONE = new Commons() {
        @Override
        public void refresh(long now) {
            // There is nobody else.
        }

        @Override
        public boolean publish() {
            return true;
        }

        @Override
        public long turn(long now, double ahead) {
            return 0;
        }

        @Override
        public void demanded(long now, Route route) {
            // Flows decide among the jobs of one process.
        }

        @Override
        public void served(long now, Route route, long amount) {
            // Flows decide among the jobs of one process.
        }
    };
}
