package org.medbackup.engine.internal.lock;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.spi.place.LockGeneration;
import org.medbackup.core.spi.place.PlacementPolicy;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.LockResult;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.commit.Manifest;
import org.medbackup.engine.internal.commit.Slots;
import org.medbackup.engine.internal.copy.NeededPacks;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.index.PackRecord;
import org.medbackup.engine.internal.log.Findings;
import org.medbackup.engine.internal.pack.PackKind;
import org.medbackup.engine.internal.place.PlacementClass;
import org.medbackup.engine.internal.place.PlacementClasses;
import org.medbackup.engine.internal.read.ChunkReader;
import org.medbackup.engine.internal.retain.AccessRecord;
import org.medbackup.engine.internal.retain.HoldRecord;
import org.medbackup.engine.internal.retain.SuspicionRecord;

/**
 * The locks of what one restore point needs: its packs, its manifest, the keys and the description of the repository. The index
 * is not among it, since it can be made again from the packs. Used by one thread.
 */
public final class RestorePointLocks {

    private static final List<String> BASE = List.of("format", "format.2");
    private static final List<String> FOLDERS = List.of(
            "keys/", "keys.2/", PlacementClass.PREFIX, HoldRecord.PREFIX, AccessRecord.PREFIX, SuspicionRecord.PREFIX);

    private final RepositoryCore core;
    private final ObjectStore.Locks locks;
    private final Manifest manifest;
    private final Findings findings;
    private final Runnable pulse;
    private final Instant now;
    private long objects;
    private long locked;
    private long extended;
    private Optional<Instant> first = Optional.empty();

    /**
     * Those of a restore point.
     *
     * @param locks of the target
     * @param pulse called before each question
     */
    public RestorePointLocks(
            RepositoryCore core, ObjectStore.Locks locks, Manifest manifest, Findings findings, Runnable pulse) {
        this.core = core;
        this.locks = locks;
        this.manifest = manifest;
        this.findings = findings;
        this.pulse = pulse;
        this.now = core.context().time().now();
    }

    /** Asks the target for every one of them. */
    public LockResult report() {
        base().forEach(this::ask);
        packs().forEach(pack -> ask(pack.name()));
        return result();
    }

    private void ask(ObjectName name) {
        pulse.run();
        count(held(name, () -> locks.until(name)));
    }

    /** What is missing is locked by nobody; that it is missing is said. */
    private Optional<Instant> held(ObjectName name, Supplier<Optional<Instant>> question) {
        try {
            return question.get();
        } catch (DamageException missing) {
            findings.add(name, missing);
            return Optional.empty();
        }
    }

    private void count(Optional<Instant> until) {
        objects++;
        until.filter(end -> end.isAfter(now)).ifPresent(end -> {
            locked++;
            first = Optional.of(first.filter(earlier -> earlier.isBefore(end)).orElse(end));
        });
    }

    /** Makes all of them last as a policy demands. */
    public LockResult extend(PlacementPolicy policy) {
        int base = policy.lockGeneration();
        for (ObjectName name : base()) {
            pulse.run();
            count(held(name, () -> lasting(name, base)));
        }
        PlacementClasses classes = core.placements(findings);
        byte[] target = Crypto.hmac(
                core.keys().indexKey(), ("locks/" + core.store().location()).getBytes(StandardCharsets.UTF_8));
        String folder = HexFormat.of().formatHex(target, 0, 16);
        try (var known =
                new KnownLocks(core.cacheFolder().resolve("locks").resolve(folder), LockGeneration.lasting(now))) {
            for (PackRecord pack : packs()) {
                int generation = pack.kind() == PackKind.DATA
                        ? classes.of(pack.placement())
                                .map(each -> policy.lockGeneration(each.retention()))
                                .orElse(base)
                        : base;
                pack(pack, generation, known);
            }
        }
        return result();
    }

    private void pack(PackRecord pack, int generation, KnownLocks known) {
        Instant end = LockGeneration.end(generation);
        if (generation == 0) {
            count(Optional.empty());
        } else if (known.contains(generation, pack.id())) {
            count(Optional.of(end));
        } else {
            pulse.run();
            Optional<Instant> until = held(pack.name(), () -> lasting(pack.name(), generation));
            count(until);
            if (until.isPresent() && !until.get().isBefore(end)) {
                known.add(generation, pack.id());
            }
        }
    }

    /** Until when an object is locked, at least until the end of a generation; empty where its target does not lock. */
    private Optional<Instant> lasting(ObjectName name, int generation) {
        Instant end = LockGeneration.end(generation);
        Optional<Instant> until = locks.until(name);
        if (generation == 0 || until.isPresent() && !until.get().isBefore(end)) {
            return until;
        }
        locks.extend(name, end);
        Optional<Instant> after = locks.until(name);
        if (after.isPresent()) {
            extended++;
        }
        return after;
    }

    private List<ObjectName> base() {
        var names = new ArrayList<ObjectName>();
        BASE.forEach(each -> names.add(ObjectName.of(each)));
        FOLDERS.forEach(each -> core.store().list(each, info -> names.add(info.name())));
        // That an approval was used matters for as long as it would have held, which is days.
        names.removeIf(AccessRecord::isUsed);
        String id = manifest.text();
        names.add(Slots.copy(id));
        names.add(Slots.slot(id));
        return names;
    }

    private List<PackRecord> packs() {
        try (var reader = new ChunkReader(core, core.openIndex(findings), findings, pulse)) {
            return List.copyOf(new NeededPacks(reader, core.condemned(findings), findings)
                    .find(manifest.open().references()));
        }
    }

    private LockResult result() {
        return new LockResult(manifest.text(), objects, locked, extended, first);
    }
}
