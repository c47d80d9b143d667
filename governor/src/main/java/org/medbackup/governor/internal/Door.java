package org.medbackup.governor.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * All the limits on one resource of this host, and the door that every use of it passes. Safe for use by several threads.
 */
public final class Door {

    /** A slice is what the limit allows in two milliseconds; */
    private static final long SLICES = 500;
    /** larger ones gain nothing. */
    private static final long LARGEST_SLICE = 1 << 20;

    /** The ledgers of a disk, of the host or of a job. */
    private record Pair(Ledger bytes, Ledger operations) {

        static Pair of(String name) {
            return new Pair(new Ledger(name), new Ledger(name + ".iops"));
        }
    }

    private final Gate gate;
    private final int multiple;
    private final String name;
    private final Pair host;
    private final Map<String, Pair> devices = new HashMap<>();

    /**
     * A door.
     *
     * @param name of the resource
     * @param multiple grants are multiples of so much
     */
    public Door(String name, int multiple, Pause pause) {
        this.name = name;
        this.multiple = multiple;
        this.gate = new Gate(pause);
        this.host = Pair.of("host");
    }

    /** Limits the whole host. */
    public void limitHost(long bytes, long operations) {
        gate.change(now -> limit(host, now, bytes, operations));
    }

    /** Limits one disk. */
    public void limitDevice(String device, long bytes, long operations) {
        gate.change(now -> limit(devices.computeIfAbsent(device, Pair::of), now, bytes, operations));
    }

    private static void limit(Pair pair, long now, long bytes, long operations) {
        if (pair.bytes.limit() != bytes) {
            pair.bytes.limit(now, bytes);
        }
        if (pair.operations.limit() != operations) {
            pair.operations.limit(now, operations);
        }
    }

    /**
     * What is used of it.
     *
     * @param name of the resource, with its disk
     * @param limit amount a second, or {@link Ledger#UNLIMITED}
     * @param used in the last second
     * @param highest the fullest second since this was last asked, as a part of the limit
     * @param limitedBy what kept somebody waiting in the last second, or null
     */
    public record Reading(
            String name,
            long limit,
            long used,
            double highest,
            @Nullable String limitedBy) {}

    /** What is used of it, by the host and by each disk that has a limit. */
    public List<Reading> read() {
        List<Reading> readings = new ArrayList<>();
        gate.change(now -> {
            Ledger full = gate.waitedFor(now);
            String waits = full == null ? null : full.name();
            readings.add(reading(name, host, now, waits));
            devices.forEach((device, pair) -> readings.add(reading(name + "./dev/" + device, pair, now, null)));
        });
        return readings;
    }

    private static Reading reading(String name, Pair pair, long now, @Nullable String waits) {
        Ledger ledger = pair.bytes;
        return new Reading(name, ledger.limit(), ledger.used(now), ledger.takeHighest(), waits);
    }

    /**
     * Lets a job in.
     *
     * @param work its class, one for each class and door
     * @param exempt whether only its own limits hold for it
     */
    public Visitor admit(Flow work, boolean exempt) {
        return new Visitor(work, exempt);
    }

    /** A job at this door. Safe for use by several threads. */
    public final class Visitor {

        private final Flow work;
        private final Flow job = new Flow(1);
        private final boolean exempt;
        private final Pair own = Pair.of("job");
        private final Map<String, Pair> ownDevices = new ConcurrentHashMap<>();
        private final Map<String, Route> routes = new ConcurrentHashMap<>();
        private final LongAdder waited = new LongAdder();
        private final LongAdder used = new LongAdder();

        private Visitor(Flow work, boolean exempt) {
            this.work = work;
            this.exempt = exempt;
        }

        /** Limits this job alone. */
        public void limit(long bytes, long operations) {
            gate.change(now -> Door.limit(own, now, bytes, operations));
        }

        /** Limits this job alone on one disk. */
        public void limitDevice(String device, long bytes, long operations) {
            gate.change(now -> Door.limit(ownPair(device), now, bytes, operations));
        }

        private Pair ownPair(String device) {
            return ownDevices.computeIfAbsent(device, absent -> Pair.of("job"));
        }

        /** Nanoseconds that all of its threads have waited. */
        public long waited() {
            return waited.sum();
        }

        /** What it used. */
        public long used() {
            return used.sum();
        }

        private Route newRoute(String device) {
            List<Pair> pairs = new ArrayList<>(List.of(own));
            if (!device.isEmpty()) {
                pairs.add(ownPair(device));
            }
            if (!exempt) {
                if (!device.isEmpty()) {
                    gate.change(now -> pairs.add(devices.computeIfAbsent(device, Pair::of)));
                }
                pairs.add(host);
            }
            return new Route(
                    work,
                    job,
                    pairs.stream().map(Pair::bytes).toList(),
                    pairs.stream().map(Pair::operations).toList());
        }

        /**
         * Waits for some of an amount.
         *
         * @param device name of a disk, or empty
         * @throws org.medbackup.core.error.CancelledException when the thread is interrupted
         */
        public Grant pass(String device, long amount) {
            Route route = routes.computeIfAbsent(device, this::newRoute);
            long slice = slice(route, amount);
            waited.add(gate.pass(route, whole(slice)));
            return new Grant(this, route, slice);
        }

        private void commit(Grant grant, long actual) {
            gate.commit(grant.route, whole(grant.amount), whole(actual));
            used.add(actual);
        }
    }

    /** What may be used, until it is committed. */
    public static final class Grant {

        private final Visitor visitor;
        private final Route route;
        private final long amount;
        private boolean committed;

        private Grant(Visitor visitor, Route route, long amount) {
            this.visitor = visitor;
            this.route = route;
            this.amount = amount;
        }

        /** How much. */
        public long amount() {
            return amount;
        }

        /** Writes down what was used; the first time counts. */
        public void commit(long actual) {
            if (!committed) {
                committed = true;
                visitor.commit(this, actual);
            }
        }
    }

    /** What a device does for an amount: of a block that is used in part the whole. */
    private long whole(long amount) {
        return amount > Long.MAX_VALUE - multiple ? amount : (amount + multiple - 1) / multiple * multiple;
    }

    private long slice(Route route, long amount) {
        long slice = amount;
        for (Ledger ledger : route.bytes()) {
            long limit = ledger.limit();
            if (limit != Ledger.UNLIMITED) {
                slice = Math.min(slice, Math.clamp(limit / SLICES, multiple, LARGEST_SLICE) / multiple * multiple);
            }
        }
        return slice;
    }
}
