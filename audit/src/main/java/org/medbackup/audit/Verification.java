package org.medbackup.audit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.files.Bundle;
import org.medbackup.audit.files.Disk;
import org.medbackup.audit.files.FolderLock;
import org.medbackup.audit.files.Layout;
import org.medbackup.audit.files.TileFiles;
import org.medbackup.audit.merkle.GrowingTree;
import org.medbackup.audit.merkle.Hash;
import org.medbackup.audit.merkle.TreeHead;
import org.medbackup.core.TimeSource;

/** Recomputes a trail from its entries and says what does not fit. For one thread, once. */
final class Verification {

    private final Layout layout;
    private final TrailKeys keys;
    private final StampCheck check;
    private final Deque<TreeHead> anchors = new ArrayDeque<>();
    private final Findings findings = new Findings();
    private final GrowingTree tree = new GrowingTree(this::compareTile);
    private boolean lost;
    private long size;
    private long newestTileMissing = -1;
    private boolean atEnd;

    Verification(Layout layout, TrailKeys keys, List<TreeHead> anchors, StampCheck check) {
        this.check = check;
        this.layout = layout;
        this.keys = keys;
        anchors.stream().sorted(Comparator.comparingLong(TreeHead::size)).forEach(this.anchors::add);
    }

    AuditVerification run() {
        try {
            if (Files.isDirectory(layout.folder())) {
                Inventory inventory = Inventory.take(layout, findings);
                if (!inventory.isEmpty()) {
                    return verify(inventory);
                }
            }
            findings.add(Finding.Code.NO_TRAIL, -1, "there is no audit trail in this folder");
            return result(0, -1);
        } catch (IOException failed) {
            throw Disk.translate(failed);
        }
    }

    private AuditVerification verify(Inventory inventory) throws IOException {
        Snapshot snapshot =
                FolderLock.shared(layout, TimeSource.system(), () -> Snapshot.take(layout, inventory.bundles()));
        KeyCheck key = KeyCheck.of(layout, snapshot, keys, findings);
        if (snapshot.lacksCheckpoints()) {
            findings.add(Finding.Code.MISSING_FILE, -1, "the file of checkpoints is missing");
        }
        try (InputStream in = snapshot.open(layout)) {
            var stamps = new Stamps(layout, inventory.stamps(), check, findings);
            var checkpoints = new CheckpointCheck(in, key.keys(), stamps, findings);
            var evidence = new Evidence(layout, inventory.torn(), findings);
            BundleCheck.Tail tail = null;
            for (long number = 0; number < snapshot.bundles(); number++) {
                atEnd = number == snapshot.bundles() - 1;
                BundleCheck.Result bundle = check(number, snapshot, key.own());
                walk(bundle, checkpoints, evidence, snapshot.lacksCheckpoints());
                tail = bundle.tail();
            }
            checkpoints.at(size, this::root);
            evidence.finish(size);
            inventory.compareTiles(size);
            long covered = checkpoints.covered();
            stamps.finish();
            judgeEnd(tail, covered, checkpoints.good());
            if (checkpoints.hasBegun() && key.lacksSecond()) {
                findings.add(Finding.Code.BAD_KEY_FILE, -1, "the second line of key.pub is gone");
            }
            return result(checkpoints.good(), covered);
        }
    }

    private BundleCheck.Result check(long number, Snapshot snapshot, boolean own) throws IOException {
        byte[] tile = TileFiles.find(layout.tile(0, number));
        long first = number * Layout.BUNDLE;
        Bundle bundle;
        try {
            bundle = atEnd ? Bundle.scan(snapshot.entries()) : Bundle.read(layout.bundle(number));
        } catch (NoSuchFileException missing) {
            long behind = first + Layout.BUNDLE - 1;
            findings.add(
                    Finding.Code.REMOVED_ENTRY, first, "the file of entries " + first + " to " + behind + " is gone");
            bundle = null;
        }
        var context = new BundleCheck.Context(number, atEnd, own ? keys : null, tile, root());
        BundleCheck.Result result =
                bundle == null ? BundleCheck.fromTile(tile) : new BundleCheck(context, bundle, findings).run();
        if (tile == null && result.leaves().size() == Layout.BUNDLE) {
            missingTile(0, first, first + Layout.BUNDLE);
        }
        return result;
    }

    private void walk(
            BundleCheck.Result bundle, CheckpointCheck checkpoints, Evidence evidence, boolean lacksCheckpoints)
            throws IOException {
        for (int slot = 0; slot < bundle.leaves().size(); slot++) {
            compareAnchors();
            boolean mayHave = checkpoints.at(size, this::root);
            AuditEntry entry = bundle.entries().get(slot);
            if (entry != null) {
                if (entry.previous() != null && !mayHave && !lacksCheckpoints) {
                    findings.add(
                            Finding.Code.REMOVED_CHECKPOINT,
                            size,
                            "the checkpoint of size " + size + " is gone, but entry " + size + " names it");
                }
                if (entry.namesBothKeys()) {
                    checkpoints.namedAsSignedByBoth(size);
                }
                evidence.compare(entry);
            } else {
                evidence.excuse(size);
            }
            Hash leaf = bundle.leaves().get(slot);
            lost |= leaf == null;
            if (leaf != null && !lost) {
                tree.add(leaf);
            }
            size++;
        }
    }

    /** The root over all entries so far; null where one of them is not known. */
    private @Nullable Hash root() {
        return lost ? null : tree.root();
    }

    private void compareAnchors() {
        for (TreeHead next = anchors.peek(); next != null && next.size() <= size; next = anchors.peek()) {
            if (!lost && !tree.head().equals(next)) {
                findings.add(
                        Finding.Code.AUDIT_ROLLBACK,
                        next.size(),
                        "the head that was kept elsewhere at " + next.size() + " does not fit the entries");
            }
            anchors.remove();
        }
    }

    /** Tiles of the lowest level are compared entry by entry, where it can be told which side is wrong. */
    private void compareTile(int level, long index, byte[] hashes) {
        if (level == 0) {
            return;
        }
        long first = (index << (GrowingTree.TILE_HEIGHT * level)) * GrowingTree.TILE_WIDTH;
        try {
            byte[] stored = TileFiles.find(layout.tile(level, index));
            if (stored == null) {
                missingTile(level, first, tree.size());
            } else if (!Arrays.equals(stored, hashes)) {
                findings.add(
                        Finding.Code.DAMAGED_TILE,
                        first,
                        "the tile of level " + level + " from entry " + first + " on does not fit the entries");
            }
        } catch (IOException failed) {
            throw Disk.translate(failed);
        }
    }

    /** The newest tile may be missing after a crash, until the next opening; not where a checkpoint covers it. */
    private void missingTile(int level, long first, long end) {
        if (atEnd) {
            newestTileMissing = Math.max(newestTileMissing, end);
        } else {
            sayMissing("the tile of level " + level + " from entry " + first + " on is missing", first);
        }
    }

    private void sayMissing(String message, long first) {
        findings.add(Finding.Code.MISSING_FILE, first, message);
    }

    private void judgeEnd(BundleCheck.@Nullable Tail tail, long covered, long good) {
        compareAnchors();
        for (TreeHead beyond : anchors) {
            findings.add(
                    Finding.Code.AUDIT_ROLLBACK,
                    size,
                    "a head that was kept elsewhere has " + beyond.size() + " entries, the trail has " + size);
        }
        if (newestTileMissing >= 0 && newestTileMissing <= covered) {
            sayMissing("a tile of the last full file of entries is missing", newestTileMissing - Layout.BUNDLE);
        }
        long readable = tail != null && judgeTail(tail, covered) ? size + 1 : size;
        if (covered > readable) {
            findings.add(
                    Finding.Code.TRUNCATED,
                    readable,
                    "entries from " + readable + " on are gone: a checkpoint covers " + covered);
        }
        if (good == 0) {
            findings.add(Finding.Code.REMOVED_CHECKPOINT, 0, "there is no checkpoint with a good signature");
        }
    }

    /** Returns whether it is an entry that was changed, and so not cut off. */
    private boolean judgeTail(BundleCheck.Tail tail, long covered) {
        String entry = "entry " + tail.entry();
        boolean changed = tail.entry() < covered && (tail.whole() || tail.ends());
        if (changed) {
            findings.add(Finding.Code.CHANGED_ENTRY, tail.entry(), entry + ": its bytes are damaged");
        } else if (tail.whole()) {
            findings.add(Finding.Code.FORGED_ENTRY, tail.entry(), entry + ": what stands there is no entry");
        } else if (tail.entry() >= covered) {
            findings.add(
                    Finding.Code.TORN_TAIL,
                    tail.entry(),
                    entry + " was not finished; the next opening cuts it off and records that");
        }
        return changed;
    }

    private AuditVerification result(long good, long covered) {
        List<Finding> list = findings.list(covered);
        return new AuditVerification(size, good, list.isEmpty(), list);
    }
}
