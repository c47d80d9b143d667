package org.medbackup.governor;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.governor.internal.Door;

/**
 * The throttle of one job: its own limits hold for it, and those of the host. Whoever waits here can be interrupted. Safe
 * for use by several threads.
 */
public final class GovernedJob implements Throttle, AutoCloseable {

    private final Governor governor;
    private volatile WorkClass work;
    private volatile Limits own;
    private final Map<Resource, Door.Visitor> visitors = new EnumMap<>(Resource.class);

    GovernedJob(Governor governor, WorkClass work, Limits own) {
        this.governor = governor;
        this.work = work;
        this.own = own;
        for (Resource resource : Resource.values()) {
            if (resource != Resource.CPU) {
                visitors.put(resource, governor.admit(resource, work, isExempt()));
            }
        }
        limit(own);
    }

    /** Whether the host's limits do not hold for it. */
    boolean isExempt() {
        return work == WorkClass.RESTORE;
    }

    /** Called with the governor's lock. */
    private void limit(Limits limits) {
        Limits before = own;
        own = limits;
        visitors.forEach((resource, visitor) -> {
            LimitKind bytes = LimitKind.of(resource);
            visitor.limit(limits.bounds(bytes, ""));
            before.strictest(limits)
                    .devices(bytes)
                    .forEach(device -> visitor.limitDevice(device, limits.bounds(bytes, device)));
        });
    }

    /** What somebody sets while it runs replaces its own limits on the same; the host's hold for it then. */
    void replace(Limits changes) {
        var left = new TreeMap<>(own.values());
        left.keySet().removeAll(changes.values().keySet());
        Limits rest = new Limits(left);
        limit(isExempt() ? rest.changedBy(changes) : rest);
    }

    Limits ownLimits() {
        return own;
    }

    @Override
    public Permit acquire(Demand demand) {
        if (!isExempt() || own.of(LimitKind.CPU).isPresent()) {
            governor.cpu().pass();
        }
        Door.Visitor visitor = visitors.get(demand.resource());
        return visitor == null
                ? Throttle.none().acquire(demand)
                : new Granted(visitor.pass(governor.disk(demand.device()), demand.amount()));
    }

    /** An incremental backup that has nothing to build on is a full one. */
    @Override
    public void first() {
        if (work == WorkClass.INCREMENTAL) {
            work = WorkClass.FULL;
            visitors.forEach((resource, visitor) -> visitor.become(governor.flow(resource, WorkClass.FULL)));
        }
    }

    /** What it is for. */
    public WorkClass work() {
        return work;
    }

    @Override
    public Room room(long bytes) {
        return governor.memory().take(bytes);
    }

    @Override
    public @Nullable Room roomNow(long bytes) {
        return governor.memory().takeNow(bytes);
    }

    private record Granted(Door.Grant grant) implements Permit {

        @Override
        public long amount() {
            return grant.amount();
        }

        @Override
        public void commit(long actual) {
            grant.commit(actual);
        }

        @Override
        public void close() {
            grant.commit(0);
        }
    }

    /** Bytes that it has used of a resource. */
    public long used(Resource resource) {
        Door.Visitor visitor = visitors.get(resource);
        return visitor == null ? 0 : visitor.used();
    }

    /** Nanoseconds that its threads together have waited for a resource. */
    public long waited(Resource resource) {
        Door.Visitor visitor = visitors.get(resource);
        return visitor == null ? 0 : visitor.waited();
    }

    /** Its limits no longer count. What still waits goes on. */
    @Override
    public void close() {
        governor.close(this);
    }
}
