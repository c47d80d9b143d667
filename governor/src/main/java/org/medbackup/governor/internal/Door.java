package org.medbackup.governor.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    /**
     * Limits on one resource, each {@link Ledger#UNLIMITED} where there is none.
     *
     * @param bytes a second
     * @param operations a second
     * @param atOnce operations under way
     */
    public record Bounds(long bytes, long operations, long atOnce) {}

    /** What keeps the bounds of a disk, of the host or of a job. */
    private record Bounded(Ledger bytes, Ledger operations, Slots slots) {

        /** Named as limits are. */
        static Bounded of(String name, String disk, Pause pause) {
            return new Bounded(
                    new Ledger(name + disk),
                    new Ledger(name + ".iops" + disk),
                    new Slots(name + ".concurrency" + disk, pause));
        }

        static Bounded ofJob(Pause pause) {
            return new Bounded(new Ledger("job"), new Ledger("job"), new Slots("job", pause));
        }

        void limit(long now, Bounds bounds) {
            if (bytes.limit() != bounds.bytes) {
                bytes.limit(now, bounds.bytes);
            }
            if (operations.limit() != bounds.operations) {
                operations.limit(now, bounds.operations);
            }
            slots.limit(bounds.atOnce);
        }
    }

    private final Gate gate;
    private final int multiple;
    private final String name;
    private final Pause pause;
    private final Bounded host;
    private final Map<String, Bounded> devices = new HashMap<>();
    private final LongAdder total = new LongAdder();
    private final LongAdder notExempt = new LongAdder();
    private final LongAdder waited = new LongAdder();
    private @Nullable Path shares;
    private @Nullable Neighbours neighbours;

    /**
     * A door.
     *
     * @param name of the resource
     * @param multiple grants are multiples of so much
     */
    public Door(String name, int multiple, Pause pause) {
        this.name = name;
        this.multiple = multiple;
        this.pause = pause;
        this.gate = new Gate(pause);
        this.host = Bounded.of(name, "", pause);
    }

    /**
     * Limits the whole host.
     *
     * @param even whether stalls are hardly repaid
     */
    public void limitHost(Bounds bounds, boolean even) {
        gate.change(now -> {
            host.bytes.even(even);
            host.limit(now, bounds);
            shareLimited(now);
        });
    }

    /** Limits one disk. */
    public void limitDevice(String device, Bounds bounds) {
        gate.change(now -> {
            devices.computeIfAbsent(device, this::newDevice).limit(now, bounds);
            shareLimited(now);
        });
    }

    /** From now on processes that share this folder share the limits of the host and of its disks, once there are any. */
    public void shareIn(Path folder) {
        gate.change(now -> {
            shares = folder;
            shareLimited(now);
        });
    }

    private void shareLimited(long now) {
        Path folder = shares;
        if (folder == null) {
            return;
        }
        for (Ledger ledger : all()) {
            if (ledger.isLimited() && !ledger.isShared()) {
                if (neighbours == null) {
                    Path file = SharedFolder.file(folder, name);
                    neighbours = Neighbours.join(file, Owner.current(), Owner::isGone, now);
                    gate.share(neighbours);
                }
                neighbours.share(ledger, now);
            }
        }
    }

    private List<Ledger> all() {
        List<Ledger> all = new ArrayList<>(List.of(host.bytes, host.operations));
        devices.values().forEach(disk -> all.addAll(List.of(disk.bytes, disk.operations)));
        return all;
    }

    /** From now on its limits are this process's own. */
    public void shareNoMore() {
        gate.change(now -> {
            shares = null;
            if (neighbours != null) {
                gate.share(Commons.ALONE);
                neighbours.close();
                neighbours = null;
            }
        });
    }

    private Bounded newDevice(String device) {
        return Bounded.of(name, "./dev/" + device, pause);
    }

    /**
     * What is used of it.
     *
     * @param name of the resource as limits write it, with its disk
     * @param limit amount a second or operations at once, or {@link Ledger#UNLIMITED}
     * @param used in the last second, or now
     * @param highest the fullest second, or the most at once, since this was last asked, as a part of the limit
     * @param limitedBy the name of the limit that kept somebody waiting in the last second, "job" where it was a job's own,
     *     or null; of anything but the bytes of the host only where it is the same
     */
    public record Reading(
            String name,
            long limit,
            long used,
            double highest,
            @Nullable String limitedBy) {}

    /**
     * What this process has done with it until now.
     *
     * @param name of the limit as limits write it
     * @param limit amount a second, or {@link Ledger#UNLIMITED}
     * @param total what it used, in whole blocks of a disk
     * @param byAll the same of all processes that share the host's limit
     * @param highest the fullest second since the limit was set, as a part of the limit
     * @param waited nanoseconds that threads have waited
     * @param inFlight what is granted and not yet committed
     */
    public record Account(
            String name, long limit, long total, long byAll, double highest, long waited, long inFlight) {}

    /** The account of all uses, whether the host's limits hold for them or not. */
    public Account account() {
        var account = new ArrayList<Account>();
        gate.read(() -> account.add(new Account(
                name,
                host.bytes.limit(),
                total.sum(),
                host.bytes.total(),
                host.bytes.highest(),
                waited.sum(),
                host.bytes.ownInFlight())));
        return account.getFirst();
    }

    /** Writes down what was used without a grant, as an observer saw it; it is repaid. */
    public void charge(long amount) {
        gate.charge(host.bytes, whole(amount));
    }

    /** What is used of it, by the host and by each disk; operations, and how many at once, where they have a limit. */
    public List<Reading> read() {
        List<Reading> readings = new ArrayList<>();
        gate.change(now -> {
            List<Reading> places = places();
            Ledger full = gate.waitedFor(now);
            readings.add(reading(host.bytes, now, full == null ? waitedFor(places) : full.name()));
            for (Ledger ledger : all()) {
                if (ledger != host.bytes && ledger.isLimited()) {
                    readings.add(reading(ledger, now, full == ledger ? ledger.name() : null));
                }
            }
            readings.addAll(places);
        });
        return readings;
    }

    private List<Reading> places() {
        List<Bounded> all = new ArrayList<>(List.of(host));
        all.addAll(devices.values());
        return all.stream()
                .map(Bounded::slots)
                .filter(Slots::isLimited)
                .map(Slots::read)
                .toList();
    }

    private static @Nullable String waitedFor(List<Reading> places) {
        return places.stream()
                .map(Reading::limitedBy)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static Reading reading(Ledger ledger, long now, @Nullable String waits) {
        return new Reading(ledger.name(), ledger.limit(), ledger.used(now), ledger.takeHighest(), waits);
    }

    /** What was ever used of it by those who are not exempt. */
    public long used() {
        return notExempt.sum();
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

        private volatile Flow work;
        private final Flow job = new Flow(1);
        private final boolean exempt;
        private final Bounded own = Bounded.ofJob(pause);
        private final Map<String, Bounded> ownDevices = new ConcurrentHashMap<>();
        private final Map<String, Way> ways = new ConcurrentHashMap<>();
        private final LongAdder ownWaited = new LongAdder();
        private final LongAdder used = new LongAdder();

        private Visitor(Flow work, boolean exempt) {
            this.work = work;
            this.exempt = exempt;
        }

        /** It is of another class from now on. */
        public void become(Flow other) {
            work = other;
            ways.clear();
        }

        /** Limits this job alone. */
        public void limit(Bounds bounds) {
            gate.change(now -> own.limit(now, bounds));
        }

        /** Limits this job alone on one disk. */
        public void limitDevice(String device, Bounds bounds) {
            gate.change(now -> ownOf(device).limit(now, bounds));
        }

        private Bounded ownOf(String device) {
            return ownDevices.computeIfAbsent(device, absent -> Bounded.ofJob(pause));
        }

        /** Nanoseconds that all of its threads have waited. */
        public long waited() {
            return ownWaited.sum();
        }

        /** What it used. */
        public long used() {
            return used.sum();
        }

        private Way newWay(String device) {
            List<Bounded> all = new ArrayList<>(List.of(own));
            if (!device.isEmpty()) {
                all.add(ownOf(device));
            }
            if (!exempt) {
                if (!device.isEmpty()) {
                    gate.change(now -> all.add(devices.computeIfAbsent(device, Door.this::newDevice)));
                }
                all.add(host);
            }
            var route = new Route(
                    work,
                    job,
                    all.stream().map(Bounded::bytes).toList(),
                    all.stream().map(Bounded::operations).toList());
            return new Way(route, all.stream().map(Bounded::slots).toList());
        }

        /**
         * Waits for some of an amount.
         *
         * @param device name of a disk, or empty
         * @throws org.medbackup.core.error.CancelledException when the thread is interrupted
         */
        public Grant pass(String device, long amount) {
            Way way = ways.computeIfAbsent(device, this::newWay);
            List<Slots> places = List.of();
            long before = 0;
            if (way.isNarrow()) {
                long begun = pause.nanos();
                places = way.enter();
                before = pause.nanos() - begun;
            }
            try {
                long slice = slice(way.route, amount);
                long nanos = before + gate.pass(way.route, whole(slice));
                ownWaited.add(nanos);
                waited.add(nanos);
                return new Grant(this, way.route, places, slice);
            } catch (RuntimeException cancelled) {
                places.forEach(Slots::leave);
                throw cancelled;
            }
        }

        private void commit(Grant grant, long actual) {
            gate.commit(grant.route, whole(grant.amount), whole(actual));
            total.add(whole(actual));
            used.add(actual);
            if (!exempt) {
                notExempt.add(actual);
            }
        }
    }

    /**
     * What a use passes.
     *
     * @param slots entered in this order by everybody
     */
    private record Way(Route route, List<Slots> slots) {

        boolean isNarrow() {
            return slots.stream().anyMatch(Slots::isLimited);
        }

        /** Waits for a place in each that has a limit. */
        List<Slots> enter() {
            List<Slots> entered = new ArrayList<>();
            try {
                for (Slots one : slots) {
                    if (one.enter()) {
                        entered.add(one);
                    }
                }
                return entered;
            } catch (RuntimeException cancelled) {
                entered.forEach(Slots::leave);
                throw cancelled;
            }
        }
    }

    /** What may be used, until it is committed. */
    public static final class Grant {

        private final Visitor visitor;
        private final Route route;
        private final List<Slots> places;
        private final long amount;
        private boolean committed;

        private Grant(Visitor visitor, Route route, List<Slots> places, long amount) {
            this.visitor = visitor;
            this.route = route;
            this.places = places;
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
                places.forEach(Slots::leave);
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
