package org.medbackup.governor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.core.spi.throttle.Throttle.Resource;
import org.medbackup.governor.internal.CpuBudget;
import org.medbackup.governor.internal.CpuClock;
import org.medbackup.governor.internal.Door;
import org.medbackup.governor.internal.Flow;
import org.medbackup.governor.internal.MemoryBudget;
import org.medbackup.governor.internal.Pause;
import org.medbackup.governor.internal.ProcessMemory;
import org.medbackup.linux.Devices;

/**
 * Keeps what the jobs of this process use within limits. A limit is on all of them together, or on one of them; it can be
 * changed at any time and holds for every second that begins after the change.
 *
 * <p>Rates hold in every window of one second (see the ledger's rule in {@code docs/governor.md}), processor time in every
 * ten. Safe for use by several threads.
 */
public final class Governor {

    private static final int NETWORK_MULTIPLE = 512;
    /** A pack that is filled, one that is stored, and one of names, each as short as they may be. */
    private static final long LEAST_BUFFERS = 24L << 20;
    /** What a process needs for sure that has the smallest heap the launcher makes, MiB. */
    private static final long LEAST_IN_ALL = 216;

    /** The rule under which limits stand that somebody set; others can only make them stricter. */
    public static final String SET = "limit";

    private final Map<Resource, Door> doors = new EnumMap<>(Resource.class);
    private final Map<Resource, Map<WorkClass, Flow>> classes = new EnumMap<>(Resource.class);
    private final CpuBudget cpu;
    private final CpuFence fence = new CpuFence();
    private final MemoryBudget memory = new MemoryBudget();
    private final long withoutBuffers;
    private final LongFunction<String> diskOf;
    private final Map<Long, String> disks = new ConcurrentHashMap<>();
    private final Rules rules = new Rules();
    private final List<GovernedJob> jobs = new ArrayList<>();
    private Limits effective = Limits.none();
    private int shares;
    private final List<Runnable> onceLimited = new ArrayList<>();

    private Governor(Pause pause, CpuClock clock, LongFunction<String> diskOf, long withoutBuffers) {
        for (Resource resource : Resource.values()) {
            if (resource != Resource.CPU) {
                boolean disk = LimitKind.of(resource).isOfDevices();
                int multiple = disk ? Throttle.DISK_BLOCK : NETWORK_MULTIPLE;
                doors.put(resource, new Door(LimitKind.of(resource).text(), multiple, pause));
                var flows = new EnumMap<WorkClass, Flow>(WorkClass.class);
                for (WorkClass work : WorkClass.values()) {
                    flows.put(work, new Flow(work.weight()));
                }
                classes.put(resource, flows);
            }
        }
        this.cpu = new CpuBudget(pause, clock);
        this.diskOf = diskOf;
        this.withoutBuffers = withoutBuffers;
    }

    /** A governor of this process on this machine. */
    public static Governor of(Limits limits) {
        var governor = new Governor(Pause.system(), CpuClock.system(), Devices::disk, ProcessMemory.withoutBuffers());
        governor.set(limits);
        return governor;
    }

    static Governor simulated(Pause pause, CpuClock clock, LongFunction<String> diskOf) {
        return new Governor(pause, clock, diskOf, 0);
    }

    /**
     * Changes limits; what is not named stays. For the jobs that run it replaces their own limits on the same, and holds for
     * restores too.
     */
    public synchronized void set(Limits changes) {
        requirePossible(changes);
        rules.change(SET, changes);
        jobs.forEach(job -> job.replace(changes));
        apply();
    }

    /** Sets what a rule of another kind allows, such as a calendar's window; it can only make limits stricter. */
    public synchronized void rule(String name, Limits limits) {
        if (name.equals(SET)) {
            throw new IllegalArgumentException("a rule of this name is there");
        }
        requirePossible(limits);
        rules.put(name, limits);
        apply();
    }

    /**
     * What a rule allows a second, it allows evenly from now on: pieces come at most a tenth faster than its mean, and little
     * of a stall is repaid, at some cost in use. For rates that are all that a device has, as adaptation finds them.
     */
    public synchronized void keepEvenly(String rule) {
        rules.keepEvenly(rule);
        apply();
    }

    /**
     * From now on the limits of the host hold for all processes together that share a folder, each by its own idea of the limit;
     * not those that a job has of its own, nor processor time. Files in it appear with the first limit. Processes that are
     * killed, stopped or gone hold up nobody. While it is shared another folder does not count.
     *
     * @return closed when this process shares them no more
     * @throws org.medbackup.core.error.BackupException where the folder cannot be used
     */
    public synchronized Sharing share(Path folder) {
        if (shares == 0) {
            doors.values().forEach(door -> door.shareIn(folder));
        }
        shares++;
        var open = new AtomicBoolean(true);
        return () -> {
            if (open.getAndSet(false)) {
                shareNoMore();
            }
        };
    }

    /** Limits are shared until it is closed. */
    public interface Sharing extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * From the first limit on, of whatever kind, processor time has a second fence.
     *
     * @param made what makes it, called with the governor's lock; empty where there can be none
     * @return takes the fence away again, after which there is none
     * @throws IllegalStateException where there is one already; told with the first limit
     */
    public Fencing fence(Supplier<Optional<? extends ProcessorFence>> made) {
        onceLimited(() -> made.get().ifPresent(kernels -> {
            fence.put(kernels);
            cpu.fenced(true);
        }));
        return () -> {
            fence.close();
            cpu.fenced(false);
        };
    }

    /** There is a fence until it is closed. */
    public interface Fencing extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * While something of production stands still until this process is done with it, there is no fence.
     *
     * @return puts it back; once
     */
    public Fencing liftFence() {
        fence.lift();
        var open = new AtomicBoolean(true);
        return () -> {
            if (open.getAndSet(false)) {
                fence.lower();
            }
        };
    }

    private synchronized void shareNoMore() {
        if (--shares == 0) {
            doors.values().forEach(Door::shareNoMore);
        }
    }

    /** Gives a class of work another weight than its own, for what is divided from now on. */
    public void weigh(WorkClass work, double weight) {
        classes.values()
                .forEach(flows -> Objects.requireNonNull(flows.get(work)).weigh(weight));
    }

    /** What holds now for all jobs together. */
    public synchronized Limits limits() {
        return effective;
    }

    /** What would hold without one of the rules: for whoever decides by that rule. */
    public synchronized Limits limitsWithout(String name) {
        return rules.without(name);
    }

    /** What all jobs have used of a resource since this was made, but those that are exempt from the host's limits. */
    public long used(Resource resource) {
        Door door = doors.get(resource);
        return door == null ? 0 : door.used();
    }

    /**
     * Begins a job.
     *
     * @param own limits on this job alone
     * @return its throttle, to be closed at the job's end
     */
    public synchronized GovernedJob open(WorkClass work, Limits own) {
        requirePossible(own);
        var job = new GovernedJob(this, work, own);
        jobs.add(job);
        apply();
        return job;
    }

    synchronized void close(GovernedJob job) {
        jobs.remove(job);
        apply();
    }

    /** Lets a job in at the door of a resource. */
    Door.Visitor admit(Resource resource, WorkClass work, boolean exempt) {
        return Objects.requireNonNull(doors.get(resource)).admit(flow(resource, work), exempt);
    }

    Flow flow(Resource resource, WorkClass work) {
        return Objects.requireNonNull(
                Objects.requireNonNull(classes.get(resource)).get(work));
    }

    CpuBudget cpu() {
        return cpu;
    }

    MemoryBudget memory() {
        return memory;
    }

    /** Bytes that all buffers may have together now, {@link Limits#NONE} without a limit. */
    public long buffers() {
        return memory.read().limit();
    }

    /**
     * Refuses what this process cannot keep: a heap does not grow smaller while it is used.
     *
     * @throws org.medbackup.core.error.UsageException where there is such a limit
     */
    public void requirePossible(Limits limits) {
        limits.of(LimitKind.MEMORY).ifPresent(bytes -> {
            long least = withoutBuffers + LEAST_BUFFERS;
            if (bytes < least) {
                long needed = Math.max(least >> 20, LEAST_IN_ALL);
                throw ErrorCode.INVALID_LIMIT.because("memory=" + Limits.written(LimitKind.MEMORY, bytes)
                        + ": with its heap this process needs at least " + needed + "MiB"
                        + (needed == LEAST_IN_ALL
                                ? ""
                                : "; given when it starts (--limit, MEDBACKUP_MEMORY) a limit makes the heap smaller,"
                                        + " to "
                                        + LEAST_IN_ALL + "MiB in all"));
            }
        });
    }

    String disk(long device) {
        return device == 0 ? "" : disks.computeIfAbsent(device, diskOf::apply);
    }

    /** Runs something once, as soon as there is a limit of the host or of a job: now, or with the governor's lock later. */
    public synchronized void onceLimited(Runnable work) {
        onceLimited.add(work);
        tellOnceLimited();
    }

    private void tellOnceLimited() {
        if (!effective.isEmpty()
                || jobs.stream().anyMatch(job -> !job.ownLimits().isEmpty())) {
            List<Runnable> now = List.copyOf(onceLimited);
            onceLimited.clear();
            now.forEach(Runnable::run);
        }
    }

    private void apply() {
        Limits before = effective;
        effective = rules.all().changedBy(Limits.none());
        doors.forEach((resource, door) -> apply(LimitKind.of(resource), door, before));
        boolean counts = jobs.isEmpty() || jobs.stream().anyMatch(job -> !job.isExempt());
        long processors = orOfJobs(LimitKind.CPU, counts ? effective.amount(LimitKind.CPU, "") : Limits.NONE);
        if (cpu.limit() != processors) {
            cpu.limit(processors);
            fence.limit(processors);
        }
        long bytes = orOfJobs(LimitKind.MEMORY, effective.amount(LimitKind.MEMORY, ""));
        memory.limit(bytes == Limits.NONE ? Limits.NONE : bytes - withoutBuffers);
        tellOnceLimited();
    }

    /** The host's limit on something that only the whole process can keep, or that of a job where it is stricter. */
    private long orOfJobs(LimitKind kind, long host) {
        long strictest = host;
        for (GovernedJob job : jobs) {
            strictest = Math.min(strictest, job.ownLimits().of(kind).orElse(Limits.NONE));
        }
        return strictest;
    }

    private void apply(LimitKind bytes, Door door, Limits before) {
        door.limitHost(effective.bounds(bytes, ""), rules.isEven(new LimitName(bytes)));
        before.strictest(effective)
                .devices(bytes)
                .forEach(device -> door.limitDevice(device, effective.bounds(bytes, device)));
    }

    /**
     * What is used, resource by resource.
     *
     * @param name as limits write it
     * @param limit the strictest of the host's and the jobs' own: amount a second, nanoseconds of processor time a second,
     *     bytes of memory, or {@link Limits#NONE}
     * @param usage in the last second; of memory what the buffers take now, and with a limit what the heap and the code may take
     * @param highest the fullest second since this was last asked, as a part of the limit, 0 where there was none
     * @param limitedBy what kept somebody waiting in the last second, or null: the rule that set this limit ("limit" where
     *     somebody set it), the name of another limit on the same, such as {@code disk.read.iops}, or "job" for a job's own
     */
    public record Usage(
            String name,
            long limit,
            long usage,
            double highest,
            @Nullable String limitedBy) {}

    /** What is used now. */
    public List<Usage> usage() {
        List<Usage> usages = new ArrayList<>();
        for (Door door : doors.values()) {
            for (Door.Reading reading : door.read()) {
                usages.add(new Usage(
                        reading.name(),
                        Math.min(reading.limit(), strictestOfJobs(reading.name())),
                        reading.used(),
                        reading.highest(),
                        reading.name().equals(reading.limitedBy()) ? ruleOf(reading.name()) : reading.limitedBy()));
            }
        }
        CpuBudget.Reading processors = cpu.read();
        String name = LimitKind.CPU.text();
        usages.add(new Usage(
                name,
                cpu.limit(),
                processors.perSecond(),
                processors.highest(),
                processors.waits() ? ruleOf(name) : null));
        usages.add(memoryUsage());
        return usages;
    }

    private Usage memoryUsage() {
        MemoryBudget.Reading buffers = memory.read();
        String name = LimitKind.MEMORY.text();
        boolean limited = buffers.limit() != Limits.NONE;
        long limit = limited ? buffers.limit() + withoutBuffers : Limits.NONE;
        double highest = limited ? (double) (buffers.most() + withoutBuffers) / limit : 0;
        long held = buffers.taken() + (limited ? withoutBuffers : 0);
        return new Usage(name, limit, held, highest, buffers.waits() ? ruleOf(name) : null);
    }

    /** What this process has done until now, for metrics. */
    public GovernorSnapshot snapshot() {
        List<GovernorSnapshot.Account> accounts = new ArrayList<>();
        doors.forEach((resource, door) -> {
            Door.Account account = door.account();
            long ceiling = ceiling(LimitKind.of(resource));
            accounts.add(new GovernorSnapshot.Account(
                    resource,
                    account.limit(),
                    ceiling,
                    account.total(),
                    account.byAll(),
                    account.highest(),
                    account.waited(),
                    account.inFlight(),
                    ceiling == Limits.NONE && account.limit() == Limits.NONE ? null : ruleOf(account.name())));
        });
        CpuBudget.Account processors = cpu.account();
        long limit = cpu.limit();
        accounts.add(new GovernorSnapshot.Account(
                Resource.CPU,
                limit,
                hasJobs() ? limit : Limits.NONE,
                processors.process(),
                processors.process(),
                0,
                processors.waited(),
                0,
                limit == Limits.NONE ? null : ruleOf(LimitKind.CPU.text())));
        return new GovernorSnapshot(accounts);
    }

    /**
     * Writes down what was used past all throttles, as somebody saw it who does not ask them: bytes, or nanoseconds of processor
     * time. It is repaid, at once or within two seconds.
     */
    public void charge(Resource resource, long amount) {
        Door door = doors.get(resource);
        if (door == null) {
            cpu.charge(amount);
        } else {
            door.charge(amount);
        }
    }

    /** What all open jobs together may use a second. */
    private synchronized long ceiling(LimitKind kind) {
        long host = effective.amount(kind, "");
        long governed = 0;
        long exempt = 0;
        for (GovernedJob job : jobs) {
            long own = job.ownLimits().amount(kind, "");
            if (job.isExempt()) {
                exempt = sum(exempt, own);
            } else {
                governed = sum(governed, Math.min(own, host));
            }
        }
        return jobs.isEmpty() ? Limits.NONE : sum(Math.min(governed, host), exempt);
    }

    private synchronized boolean hasJobs() {
        return !jobs.isEmpty();
    }

    private static long sum(long one, long other) {
        return one == Limits.NONE || other == Limits.NONE ? Limits.NONE : one + other;
    }

    private synchronized long strictestOfJobs(String text) {
        LimitName name = LimitName.of(text);
        return jobs.stream()
                .mapToLong(job -> job.ownLimits().of(name).orElse(Limits.NONE))
                .min()
                .orElse(Limits.NONE);
    }

    /** The rule whose limit on something is the strictest, a job's own where there is none. */
    private synchronized String ruleOf(String text) {
        String rule = rules.of(LimitName.of(text));
        return rule == null ? "job" : rule;
    }
}
