package org.medbackup.engine.internal.copy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.store.Keeping;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.CopyResult;
import org.medbackup.engine.KeyRole;
import org.medbackup.engine.VerifyResult;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.commit.Forgotten;
import org.medbackup.engine.internal.commit.Manifest;
import org.medbackup.engine.internal.commit.Signers;
import org.medbackup.engine.internal.commit.Slots;
import org.medbackup.engine.internal.commit.Ticket;
import org.medbackup.engine.internal.commit.TicketHolder;
import org.medbackup.engine.internal.index.PackRecord;
import org.medbackup.engine.internal.log.Findings;
import org.medbackup.engine.internal.log.Progress;
import org.medbackup.engine.internal.place.Destination;
import org.medbackup.engine.internal.read.ChunkReader;
import org.medbackup.linux.Scheduling;

/**
 * Copies one restore point to another target, so that the target is a repository of the same id which holds it. Needs the
 * key of the index and the opener of the domain of references. The order at the target is that of a backup: ticket,
 * condemned lists, packs, segments, root, copy of the manifest, slot. What an earlier copy left is used.
 */
public final class SnapshotCopy {

    /** Each has a pack in memory. */
    private static final int WORKERS = 2;

    private final RepositoryCore core;
    private final ObjectStore target;
    private final String id;
    private final Findings findings;
    private final Progress progress;
    private final long started;
    private final Set<ObjectName> done = new HashSet<>();
    private final AtomicLong copied = new AtomicLong();
    private final AtomicLong present = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final Runnable pulse;

    private SnapshotCopy(RepositoryCore core, String id, ObjectStore target, OperationLog log, Runnable pulse) {
        this.core = core;
        this.target = target;
        this.id = id;
        this.pulse = pulse;
        this.findings = new Findings(log);
        this.progress = new Progress(log, core.context().time());
        this.started = core.context().time().nanos();
    }

    /**
     * Copies.
     *
     * @param id of the restore point
     * @param pulse called after each pack, by any thread
     */
    public static CopyResult run(RepositoryCore core, String id, ObjectStore target, OperationLog log, Runnable pulse) {
        core.keys().require(KeyRole.Right.COLLECT);
        return new SnapshotCopy(core, id, target, log, pulse).run();
    }

    /**
     * Brings what every restore point needs to a target that has a copy of this repository: keys that were added since, and
     * legal holds.
     *
     * @param keeping what is asked of the target for it
     */
    public static void complete(RepositoryCore core, ObjectStore target, Keeping keeping, Findings findings) {
        new BaseObjects(core, target, findings, keeping).prepare();
    }

    private CopyResult run() {
        Slots slots = core.slots(findings);
        byte[] object = slots.object(id).orElseThrow(this::unknown);
        Manifest manifest = slots.read(id).orElseThrow(this::unknown);
        new BaseObjects(
                        core,
                        target,
                        findings,
                        Destination.keeping("", manifest.open().generation()))
                .prepare();
        requireWelcome();
        boolean again = target.length(Slots.slot(id)).isPresent();
        TicketHolder ticket = announce(again);
        try {
            return run(manifest, object, ticket);
        } finally {
            if (again) {
                ticket.withdraw();
            }
        }
    }

    private CopyResult run(Manifest manifest, byte[] object, TicketHolder ticket) {
        var there = new TargetIndex(core, target, findings, () -> {
            requireWelcome();
            ticket.requireOpen();
        });
        boolean complete;
        Runnable alive = () -> {
            ticket.renew();
            pulse.run();
        };
        try (var reader = new ChunkReader(core, core.openIndex(findings), findings, alive)) {
            var needed = new NeededPacks(reader, core.condemned(findings), findings);
            complete = copyAll(manifest, needed, there, alive);
        }
        there.publish();
        if (complete) {
            commit(object, manifest.open().generation());
        }
        return result(complete);
    }

    private RuntimeException unknown() {
        return ErrorCode.SNAPSHOT_NOT_FOUND.because("no restore point " + id);
    }

    /**
     * Lets a collector at the target wait for this copy, or take its slot, as it would with a backup.
     *
     * @param again whether the slot is filled already, so that a ticket of this id would keep no collector waiting
     */
    private TicketHolder announce(boolean again) {
        if (again) {
            byte[] other = core.context().entropy().bytes(16);
            return hold(HexFormat.of().formatHex(other), 0);
        }
        var last = new AtomicInteger(-1);
        String prefix = Ticket.PREFIX + id + "-";
        target.list(prefix, info -> {
            String number = info.name().text().substring(prefix.length());
            if (number.matches("\\d{1,9}")) {
                last.accumulateAndGet(Integer.parseInt(number), Math::max);
            }
        });
        return hold(id, last.get() + 1);
    }

    private TicketHolder hold(String name, int renewal) {
        var context = core.context();
        Ticket ticket = Ticket.copying(core.keys(), name, context.time().now(), TicketHolder.BACKUP_LEASE, renewal);
        return new TicketHolder(target, core.keys(), context.time(), context.entropy(), ticket);
    }

    /**
     * The restore point's id is its place at the target. A collector there may have taken it from a copy that was
     * suspended, and delete its packs; or it was given up there, and does not come back.
     */
    private void requireWelcome() {
        if (Forgotten.read(target, core.keys(), findings).contains(id)) {
            throw refused(ErrorCode.COPY_GIVEN_UP, "its record is at the target");
        }
        if (target.length(Slots.fence(id)).isPresent() || slotsThere().isRevoked(id)) {
            throw refused(ErrorCode.COPY_REVOKED, "an earlier copy was suspended for longer than its lease");
        }
    }

    private RuntimeException refused(ErrorCode code, String detail) {
        return code.because(detail).with("snapshot", id).with("store", target.location());
    }

    private Slots slotsThere() {
        return new Slots(target, core.keys(), Signers.read(target, core.keys(), findings), findings);
    }

    /** What is forgotten or revoked at the target in the meantime is not shown there, and must not be said to be. */
    private void commit(byte[] object, int generation) {
        requireWelcome();
        try {
            slotsThere().commit(id, object, Destination.keeping("", generation));
        } finally {
            requireWelcome();
        }
    }

    /** Copies until no pack fails that another could replace; tells whether the target has every chunk. */
    private boolean copyAll(Manifest manifest, NeededPacks needed, TargetIndex there, Runnable alive) {
        while (true) {
            List<PackRecord> open = needed.find(manifest.open().references()).stream()
                    .filter(pack -> !done.contains(pack.name()))
                    .toList();
            if (open.isEmpty()) {
                return needed.isComplete();
            }
            copy(open, needed, there, alive);
        }
    }

    private void copy(List<PackRecord> packs, NeededPacks needed, TargetIndex there, Runnable alive) {
        PackBytes.Tiers tiers = PackBytes.Tiers.of(core.placements(findings));
        var next = new AtomicInteger();
        int workers = Math.min(WORKERS, core.context().sizing().workers());
        try (ExecutorService threads = Executors.newFixedThreadPool(workers, Scheduling.background("copy-"))) {
            var tasks = new ArrayList<Future<?>>();
            for (int i = 0; i < workers; i++) {
                tasks.add(threads.submit(() -> {
                    try (var room = new PackBytes(core.context().throttle(), tiers)) {
                        for (int at = next.getAndIncrement(); at < packs.size(); at = next.getAndIncrement()) {
                            copy(packs.get(at), room, needed, there);
                            alive.run();
                            synchronized (progress) {
                                progress.say(at + 1L, bytes.get(), packs.size(), -1);
                            }
                        }
                    } finally {
                        // One that fails ends the others.
                        next.set(packs.size());
                    }
                }));
            }
            tasks.forEach(SnapshotCopy::await);
        }
    }

    private void copy(PackRecord pack, PackBytes room, NeededPacks needed, TargetIndex there) {
        boolean had = isThere(pack, there);
        if (!had) {
            try {
                put(pack, room.read(core.store(), pack));
            } catch (DamageException damaged) {
                findings.add(pack.name(), damaged);
                synchronized (done) {
                    needed.fail(pack.name());
                }
                return;
            }
        }
        there.add(pack);
        (had ? present : copied).incrementAndGet();
        synchronized (done) {
            done.add(pack.name());
        }
    }

    private boolean isThere(PackRecord pack, TargetIndex there) {
        long length = target.length(pack.name()).orElse(-1);
        if (length < 0 && !there.isCollected(pack)) {
            return false;
        }
        if (length != pack.length() || !there.mayLeanOn(pack)) {
            // Create-only: what lies there has to go before a whole one can come.
            throw ErrorCode.STORE_UNAVAILABLE
                    .because("the target has a pack that is cut, damaged or about to be deleted; run again when it is"
                            + " gone")
                    .with("object", pack.name())
                    .with("store", target.location());
        }
        return true;
    }

    private void put(PackRecord pack, ObjectContent content) {
        target.putIfAbsent(pack.name(), content);
        bytes.addAndGet(pack.length());
    }

    private static void await(Future<?> task) {
        try {
            task.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.because("interrupted while copying", interrupted);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw ErrorCode.INTERNAL.because("a worker failed", failed.getCause());
        }
    }

    private CopyResult result(boolean complete) {
        var damaged = new ArrayList<VerifyResult.Damage>();
        List<String> lost = complete ? List.of() : List.of(id);
        findings.all()
                .forEach((object, code) -> damaged.add(
                        new VerifyResult.Damage(object.text(), code.name(), code.title(), lost, List.of())));
        return new CopyResult(
                id,
                new CopyResult.Packs(copied.get(), present.get()),
                bytes.get(),
                complete,
                damaged,
                core.context().time().since(started));
    }
}
