package org.medbackup.core.spi.throttle;

/** Lets everything pass. */
enum Unthrottled implements Throttle, Throttle.Permit {
    INSTANCE;

    @Override
    public Permit acquire(Demand demand) {
        return this;
    }

    @Override
    public void commit(long actual) {}

    @Override
    public void close() {}
}
