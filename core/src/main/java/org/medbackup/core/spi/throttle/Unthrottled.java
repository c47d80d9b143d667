package org.medbackup.core.spi.throttle;

/** Lets everything pass. */
enum Unthrottled implements Throttle {
    INSTANCE;

    static final Room ROOM = new Room() {
        @Override
        public boolean isWanted() {
            return false;
        }

        @Override
        public void close() {}
    };

    @Override
    public Permit acquire(Demand demand) {
        return new Whole(demand.amount());
    }

    private record Whole(long amount) implements Permit {

        @Override
        public void commit(long actual) {}

        @Override
        public void close() {}
    }
}
