package org.medbackup.engine.internal.verify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.RefusedException;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore.Recall.Readiness;
import org.medbackup.engine.VerifyLevel;
import org.medbackup.engine.VerifyResult;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.commit.Forgotten;
import org.medbackup.engine.internal.commit.Manifest;
import org.medbackup.engine.internal.commit.Slots;
import org.medbackup.engine.internal.commit.TicketHolder;
import org.medbackup.engine.internal.index.CondemnedPacks;
import org.medbackup.engine.internal.index.Index;
import org.medbackup.engine.internal.index.PackRecord;
import org.medbackup.engine.internal.index.SegmentBuilder;
import org.medbackup.engine.internal.log.Findings;
import org.medbackup.engine.internal.log.Progress;
import org.medbackup.engine.internal.pack.PackKind;
import org.medbackup.engine.internal.pack.PackReader;
import org.medbackup.engine.internal.read.ChunkReader;
import org.medbackup.engine.internal.restore.RestoreFailures;
import org.medbackup.engine.internal.restore.Restores;
import org.medbackup.linux.Scheduling;

/** One verification, from the objects up to the restore points. */
public final class Verification {

    private static final int ATTEMPTS = 3;

    private final RepositoryCore core;
    private final VerifyLevel level;
    private final double share;
    private final OperationLog log;
    private final Findings findings;
    private final Damages damages = new Damages();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder chunks = new LongAdder();
    private long packs;
    private long cold;
    private long collections;
    private List<ObjectName> unreadable = List.of();

    private Verification(RepositoryCore core, VerifyLevel level, double share, OperationLog log) {
        this.core = core;
        this.level = level;
        this.share = share;
        this.log = log;
        // What the index makes good by itself is damage all the same.
        this.findings = new Findings(log);
    }

    /**
     * Verifies.
     *
     * @param share of the packs to be read, above 0 and at most 1
     * @param wanted ids of the restore points to look at; empty for all
     */
    public static VerifyResult run(
            RepositoryCore core, VerifyLevel level, double share, Set<String> wanted, OperationLog log) {
        for (int attempt = 1; ; attempt++) {
            var verification = new Verification(core, level, share, log);
            VerifyResult result = verification.run(wanted);
            boolean disturbed = !result.isWhole() && verification.collections != collections(core, log);
            if (!disturbed || attempt == ATTEMPTS) {
                verification.condemn(verification.damages.lossyPacks());
                if (wanted.isEmpty() && share >= 1 && level.includes(VerifyLevel.CIPHERTEXT)) {
                    verification.replaceLists();
                }
                return result;
            }
            // A collector has moved things while they were looked at.
        }
    }

    private static long collections(RepositoryCore core, OperationLog log) {
        return core.openIndex(new Findings(log)).root().collection();
    }

    private VerifyResult run(Set<String> wanted) {
        long started = core.context().time().nanos();
        unreadable = core.condemned(findings).unreadable();
        var small = new SmallObjects(core, damages, bytes);
        small.presence();
        if (level.includes(VerifyLevel.STRUCTURE)) {
            small.structure();
        }
        Index index = core.openIndex(findings);
        collections = index.root().collection();
        List<PackRecord> known = presentPacks(index);
        var whole = new ArrayList<String>();
        try (var reader = new ChunkReader(core, index, findings)) {
            if (level.includes(VerifyLevel.CIPHERTEXT)) {
                scan(known, index, reader);
            } else {
                packs = known.size();
            }
            List<Slots.Stored> stored = manifests(wanted);
            if (wanted.isEmpty()) {
                history(stored, index.root().isOfCopy());
            }
            List<Manifest> manifests =
                    stored.stream().map(Slots.Stored::manifest).toList();
            if (level.includes(VerifyLevel.STRUCTURE)) {
                trees(manifests, reader);
            }
            if (level.includes(VerifyLevel.RESTORE) && cold == 0) {
                prove(manifests, reader);
            }
            Set<String> damagedSnapshots = damages.snapshots();
            manifests.stream()
                    .map(Manifest::text)
                    .filter(id -> !damagedSnapshots.contains(id))
                    .forEach(whole::add);
        }
        if (findings.all().containsValue(ErrorCode.INDEX_SET_BACK)) {
            mendIndex();
        }
        findings.all().forEach((object, code) -> damages.add(object, code, code.title()));
        List<VerifyResult.Damage> list = damages.list();
        list.forEach(damage -> log.found(ErrorCode.valueOf(damage.code()), Facts.of("object", damage.object())));
        return new VerifyResult(
                level,
                packs,
                chunks.sum(),
                bytes.sum(),
                cold,
                list,
                whole,
                core.context().time().since(started));
    }

    /**
     * Has the index name again what it did before it was set back. Under a ticket, so that no collector takes packs away
     * meanwhile that are named here.
     */
    private void mendIndex() {
        var ticket = new TicketHolder(
                core.store(), core.keys(), core.context().time(), core.context().entropy(), TicketHolder.BACKUP_LEASE);
        try {
            CondemnedPacks condemned = core.condemned(findings);
            if (condemned.hasUnreadableCollection()) {
                // What a collector takes away must not be named again; the next verification after it does this.
                return;
            }
            Index fresh = core.openIndex(condemned, findings);
            if (fresh.complete()) {
                fresh.publish(new SegmentBuilder(), ticket::requireOpen);
            }
        } finally {
            ticket.withdraw();
        }
    }

    /** The next backup stores again what these packs fail to give, as far as it is still at the source. */
    private void condemn(List<byte[]> lossy) {
        CondemnedPacks.add(core.store(), core.keys(), core.context().entropy(), lossy, findings);
    }

    /**
     * Every pack has been read, so that what the lists of earlier verifications said which cannot be read any more stands
     * in this one's. A list of that name that can be read is another one.
     */
    private void replaceLists() {
        List<ObjectName> still = core.condemned(findings).unreadable();
        for (ObjectName list : unreadable) {
            try {
                if (still.contains(list)) {
                    core.store().delete(list);
                }
            } catch (RefusedException mayNotDelete) {
                // Whoever collects may, and is told so by the finding.
            }
        }
    }

    /** All packs that are there; those that the index knows and that are not, or not of their length, are damage. */
    private List<PackRecord> presentPacks(Index index) {
        Map<String, PackRecord> expected = new HashMap<>();
        index.eachPack(pack -> expected.put(pack.name().text(), pack));
        var present = new ArrayList<PackRecord>();
        Set<String> seen = new HashSet<>();
        for (PackKind kind : PackKind.values()) {
            core.store().list(kind.prefix(), info -> {
                seen.add(info.name().text());
                PackRecord pack = expected.get(info.name().text());
                if (pack != null && pack.length() != info.length()) {
                    damages.add(info.name(), ErrorCode.OBJECT_DAMAGED, "its length is not the one in the index");
                }
                kind.id(info.name()).ifPresent(id -> present.add(PackRecord.named(id, kind, info.length())));
            });
        }
        expected.values().stream()
                .filter(pack -> !seen.contains(pack.name().text()))
                .forEach(pack -> {
                    damages.add(pack.name(), ErrorCode.OBJECT_MISSING, "it is not at the target");
                    index.eachChunkOf(pack, (id, stored) -> damages.addMissing(pack.name(), id));
                });
        return present;
    }

    private void scan(List<PackRecord> known, Index index, ChunkReader reader) {
        boolean opens = level.includes(VerifyLevel.CONTENT);
        List<PackRecord> sampled = known.stream().filter(this::isSampled).toList();
        List<PackRecord> chosen = sampled.stream().filter(this::isAtHand).toList();
        cold = (long) sampled.size() - chosen.size();
        var progress = new Progress(log, core.context().time());
        var next = new AtomicInteger();
        int workers = core.context().sizing().workers();
        try (ExecutorService threads = Executors.newFixedThreadPool(workers, Scheduling.background("verify-"))) {
            var tasks = new ArrayList<Future<?>>();
            for (int i = 0; i < workers; i++) {
                var packReader = new PackReader(
                        core.store(), core.keys().repository(), core.keys().indexKey());
                var scan = new PackScan(core.store(), packReader, reader, index, damages, opens);
                tasks.add(threads.submit(() -> {
                    for (int at = next.getAndIncrement(); at < chosen.size(); at = next.getAndIncrement()) {
                        chunks.add(scan.scan(chosen.get(at)));
                        bytes.add(chosen.get(at).length());
                        synchronized (progress) {
                            progress.say(at + 1L, bytes.sum(), chosen.size(), -1);
                        }
                    }
                }));
            }
            tasks.forEach(Verification::await);
        }
        packs = sampled.size();
    }

    /** Nothing is brought back from cold storage to be looked at: that costs, and it may be needed there. */
    private boolean isAtHand(PackRecord pack) {
        if (pack.kind() != PackKind.DATA) {
            return true;
        }
        try {
            return core.store()
                    .recall()
                    .map(recall -> recall.readiness(pack.name()) == Readiness.READABLE)
                    .orElse(true);
        } catch (DamageException gone) {
            // Whoever reads it says so.
            return true;
        }
    }

    /** A pack's name is as good as random, so that a part of its first bytes chooses a fair sample, another each day. */
    private boolean isSampled(PackRecord pack) {
        if (share >= 1) {
            return true;
        }
        long day = core.context().time().now().getEpochSecond() / 86_400;
        int draw = (pack.id()[0] & 0xff) << 8 | pack.id()[1] & 0xff;
        return ((draw + day * 40_503) & 0xffff) < share * 0x10000;
    }

    private static void await(Future<?> task) {
        try {
            task.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.because("interrupted while verifying", interrupted);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw ErrorCode.INTERNAL.because("a worker failed", failed.getCause());
        }
    }

    private void history(List<Slots.Stored> stored, boolean copy) {
        var history = new HistoryCheck(
                core,
                damages,
                Set.copyOf(Forgotten.read(core.store(), core.keys(), findings).ids()));
        if (!copy) {
            history.follow(stored);
        }
        if (level.includes(VerifyLevel.STRUCTURE)) {
            history.askVerifications();
        }
    }

    private List<Slots.Stored> manifests(Set<String> wanted) {
        Slots slots = core.slots(findings);
        var manifests = new ArrayList<Slots.Stored>();
        for (String id : slots.ids()) {
            if (!wanted.isEmpty() && !wanted.contains(id)) {
                continue;
            }
            try {
                slots.stored(id).ifPresent(manifests::add);
            } catch (DamageException damaged) {
                damages.add(Slots.slot(id), damaged);
                damages.addSnapshot(Slots.slot(id), id);
            }
        }
        return manifests;
    }

    private void trees(List<Manifest> manifests, ChunkReader reader) {
        var presence = new ChunkPresence(reader::locate, damages);
        if (core.keys().reads()) {
            var check = new TreeCheck(reader, presence);
            for (Manifest manifest : manifests) {
                manifest.readable().ifPresent(named -> check.check(manifest.text(), named.tree()));
            }
        } else {
            var check = new ReferenceCheck(reader, presence);
            manifests.forEach(
                    manifest -> check.check(manifest.text(), manifest.open().references()));
        }
        if (chunks.sum() == 0) {
            chunks.add(presence.found());
        }
    }

    private void prove(List<Manifest> manifests, ChunkReader reader) {
        int workers = core.context().sizing().workers();
        for (Manifest manifest : manifests) {
            manifest.readable().ifPresent(named -> {
                var progress = new Progress(log, core.context().time());
                RestoreFailures failures = Restores.prove(reader, named.tree(), workers, progress);
                if (failures.count() > 0 && !damages.snapshots().contains(manifest.text())) {
                    var slot = Slots.slot(manifest.text());
                    damages.add(slot, ErrorCode.RESTORED_CONTENT_WRONG, "a file of it does not come back as it was");
                    damages.addSnapshot(slot, manifest.text());
                    failures.first().forEach(failure -> damages.addPath(slot, "/" + failure.path()));
                }
            });
        }
    }
}
