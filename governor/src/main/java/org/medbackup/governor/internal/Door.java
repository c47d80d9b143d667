package org.medbackup.governor.internal;

import java.nio.file.Path;
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

        /** Named as limits are. */
        static Pair of(String name, String disk) {
            return new Pair(new Ledger(name + disk), new Ledger(name + ".iops" + disk));
        }

        static Pair ofJob() {
            return new Pair(new Ledger("job"), new Ledger("job"));
        }
    }

    private final Gate gate;
    private final int multiple;
    private final String name;
    private final Pair host;
    private final Map<String, Pair> devices = new HashMap<>();
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
        this.gate = new Gate(pause);
        this.host = Pair.of(name, "");
    }

    /**
     * Limits the whole host.
     *
     * @param even whether stalls are hardly repaid
     */
    public void limitHost(long bytes, long operations, boolean even) {
        gate.change(now -> {
            host.bytes.even(even);
            limit(host, now, bytes, operations);
            shareLimited(now);
        });
    }

    /** Limits one disk. */
    public void limitDevice(String device, long bytes, long operations) {
        gate.change(now -> {
            limit(devices.computeIfAbsent(device, this::newDevice), now, bytes, operations);
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
        devices.values().forEach(pair -> all.addAll(List.of(pair.bytes, pair.operations)));
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

    private Pair newDevice(String device) {
        return Pair.of(name, "./dev/" + device);
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
     * @param name of the resource as limits write it, with its disk
     * @param limit amount a second, or {@link Ledger#UNLIMITED}
     * @param used in the last second
     * @param highest the fullest second since this was last asked, as a part of the limit
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

    /** What is used of it, by the host and by each disk; operations where they have a limit. */
    public List<Reading> read() {
        List<Reading> readings = new ArrayList<>();
        gate.change(now -> {
            Ledger full = gate.waitedFor(now);
            readings.add(reading(host.bytes, now, full == null ? null : full.name()));
            for (Ledger ledger : all()) {
                if (ledger != host.bytes && ledger.isLimited()) {
                    readings.add(reading(ledger, now, full == ledger ? ledger.name() : null));
                }
            }
        });
        return readings;
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

        private final Flow work;
        private final Flow job = new Flow(1);
        private final boolean exempt;
        private final Pair own = Pair.ofJob();
        private final Map<String, Pair> ownDevices = new ConcurrentHashMap<>();
        private final Map<String, Route> routes = new ConcurrentHashMap<>();
        private final LongAdder ownWaited = new LongAdder();
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
            return ownDevices.computeIfAbsent(device, absent -> Pair.ofJob());
        }

        /** Nanoseconds that all of its threads have waited. */
        public long waited() {
            return ownWaited.sum();
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
                    gate.change(now -> pairs.add(devices.computeIfAbsent(device, Door.this::newDevice)));
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
            long nanos = gate.pass(route, whole(slice));
            ownWaited.add(nanos);
            waited.add(nanos);
            return new Grant(this, route, slice);
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
