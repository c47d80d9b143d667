package org.medbackup.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.files.Bundle;
import org.medbackup.audit.files.Frame;
import org.medbackup.audit.files.Layout;
import org.medbackup.audit.files.TileFiles;
import org.medbackup.audit.merkle.Hash;

/**
 * Puts the entries of one file at their places and says what is missing, too much, moved or changed. Each is checked by
 * its tag, which depends on the one before, and by the tile. For one thread.
 */
final class BundleCheck {

    /** What is known of the file beside its bytes; the keys are null where the host's key is not the trail's. */
    record Context(
            long number,
            boolean last,
            @Nullable TrailKeys keys,
            byte @Nullable [] tile,
            @Nullable Hash before) {

        long first() {
            return number * Layout.BUNDLE;
        }
    }

    /**
     * What the file holds.
     *
     * @param leaves hashes of the entries, null where neither entry nor tile tells it
     * @param entries those that are sound, null elsewhere
     * @param tail what stands behind the last entry of the last file
     */
    record Result(
            List<@Nullable Hash> leaves,
            List<@Nullable AuditEntry> entries,
            @Nullable Tail tail) {}

    /**
     * Something behind the last entry.
     *
     * @param whole whether it has a fitting checksum and yet is no entry that belongs there
     * @param ends whether it is one frame by its own length, so that bytes were changed rather than cut
     */
    record Tail(long entry, boolean whole, boolean ends) {}

    private record Seen(Frame frame, AuditEntry entry) {}

    private record Stray(int slot, boolean whole, boolean moved, boolean ends) {}

    private final Context context;
    private final Findings findings;
    private final List<List<Seen>> seen = new ArrayList<>();
    private final List<Integer> order = new ArrayList<>();
    private final List<Stray> strays = new ArrayList<>();

    BundleCheck(Context context, Bundle bundle, Findings findings) {
        this.context = context;
        this.findings = findings;
        for (int slot = 0; slot < Layout.BUNDLE; slot++) {
            seen.add(new ArrayList<>());
        }
        align(bundle);
    }

    private void align(Bundle bundle) {
        int expected = 0;
        for (Bundle.Piece piece : bundle.pieces()) {
            switch (piece) {
                case Bundle.Piece.Damaged damaged -> strays.add(new Stray(expected, false, false, damaged.ends()));
                case Bundle.Piece.Whole whole -> {
                    AuditEntry entry = AuditEntry.parse(whole.frame().record());
                    long slot = entry == null ? -1 : entry.index() - context.first();
                    if (entry != null && slot >= 0 && slot < Layout.BUNDLE) {
                        seen.get((int) slot).add(new Seen(whole.frame(), entry));
                        order.add((int) slot);
                        expected = (int) slot;
                    } else {
                        strays.add(new Stray(expected, true, entry != null, false));
                    }
                }
            }
            expected++;
        }
    }

    /** What a tile tells about a file that is gone. */
    static Result fromTile(byte @Nullable [] tile) {
        var leaves = new ArrayList<@Nullable Hash>();
        var entries = new ArrayList<@Nullable AuditEntry>();
        for (int slot = 0; slot < Layout.BUNDLE; slot++) {
            leaves.add(tile != null && tile.length == TileFiles.BYTES ? Hash.copyOf(tile, slot * Hash.LENGTH) : null);
            entries.add(null);
        }
        return new Result(leaves, entries, null);
    }

    Result run() {
        int count = count();
        Tail tail = null;
        for (Stray stray : strays) {
            boolean behind = context.last() && stray.slot() >= count && count < Layout.BUNDLE;
            if (behind && tail == null) {
                tail = new Tail(context.first() + stray.slot(), stray.whole(), stray.ends());
            } else if (!behind
                    && (stray.slot() >= count || !seen.get(stray.slot()).isEmpty())) {
                say(Finding.Code.INSERTED_ENTRY, stray.slot(), "something stands before it that is no entry");
            }
        }
        explainGaps(count);
        checkOrder();
        List<@Nullable Seen> sound = checkTags(count);
        return new Result(leaves(sound), entries(sound), tail);
    }

    /** The last file ends with its last entry, the others have 256. */
    private int count() {
        return context.last() ? order.stream().mapToInt(slot -> slot + 1).max().orElse(0) : Layout.BUNDLE;
    }

    private void explainGaps(int count) {
        boolean unreadable = false;
        for (int slot = 0; slot < count; slot++) {
            int place = slot;
            Stray stray = strays.stream()
                    .filter(each -> each.slot() == place)
                    .findFirst()
                    .orElse(null);
            if (!seen.get(slot).isEmpty()) {
                unreadable = false;
            } else if (stray != null && stray.moved()) {
                say(Finding.Code.REORDERED_ENTRY, slot, "an entry of another place stands in its place");
            } else if (stray != null || unreadable) {
                unreadable = true;
                say(Finding.Code.CHANGED_ENTRY, slot, "its bytes are damaged");
            } else {
                say(Finding.Code.REMOVED_ENTRY, slot, "it is not in its file");
            }
        }
    }

    private void checkOrder() {
        boolean doubled = false;
        for (int slot = 0; slot < Layout.BUNDLE; slot++) {
            if (seen.get(slot).size() > 1) {
                doubled = true;
                say(Finding.Code.INSERTED_ENTRY, slot, "there is more than one entry of this number");
            }
        }
        List<Integer> sorted = order.stream().sorted().toList();
        for (int i = 0; i < sorted.size() && !doubled; i++) {
            if (!sorted.get(i).equals(order.get(i))) {
                say(Finding.Code.REORDERED_ENTRY, order.get(i), "it does not stand in the order of the numbers");
            }
        }
    }

    /** Returns the entries that bear the right tag; where the tag before is unknown, the checksum must do. */
    private List<@Nullable Seen> checkTags(int count) {
        var sound = new ArrayList<@Nullable Seen>();
        List<byte[]> before =
                context.before() == null ? List.of() : List.of(context.before().bytes());
        for (int slot = 0; slot < count; slot++) {
            List<Seen> candidates = seen.get(slot);
            List<byte[]> known = before;
            Seen fitting = candidates.stream()
                    .filter(each -> fits(each, known))
                    .findFirst()
                    .orElse(null);
            sound.add(fitting);
            if (fitting == null && !candidates.isEmpty()) {
                say(Finding.Code.FORGED_ENTRY, slot, "it does not bear the tag that the host's key gives it");
            }
            if (fitting != null) {
                before = List.of(fitting.frame().tag());
            } else {
                before = candidates.isEmpty() ? List.of() : next(candidates.getFirst(), known);
            }
        }
        return sound;
    }

    private boolean fits(Seen candidate, List<byte[]> before) {
        TrailKeys keys = context.keys();
        Hash leaf = candidate.frame().leaf();
        return keys == null
                || before.isEmpty()
                || before.stream()
                        .anyMatch(each -> Arrays.equals(
                                keys.tag(each, leaf), candidate.frame().tag()));
    }

    /** Where a tag is wrong, the next entry shows whether record or tag was changed: it fits one of these. */
    private List<byte[]> next(Seen chosen, List<byte[]> before) {
        var next = new ArrayList<byte[]>();
        next.add(chosen.frame().tag());
        TrailKeys keys = context.keys();
        if (keys != null) {
            before.forEach(each -> next.add(keys.tag(each, chosen.frame().leaf())));
        }
        return next;
    }

    private List<@Nullable Hash> leaves(List<@Nullable Seen> sound) {
        byte[] tile = sound.size() == Layout.BUNDLE ? context.tile() : null;
        var leaves = new ArrayList<@Nullable Hash>();
        boolean fits = tile == null || tile.length == TileFiles.BYTES;
        for (int slot = 0; slot < sound.size(); slot++) {
            Seen entry = sound.get(slot);
            Hash leaf = entry == null ? null : entry.frame().leaf();
            Hash stored = tile == null || !fits ? null : Hash.copyOf(tile, slot * Hash.LENGTH);
            if (leaf != null && stored != null && !leaf.equals(stored)) {
                if (context.keys() == null) {
                    say(Finding.Code.CHANGED_ENTRY, slot, "it does not fit its tile");
                    leaf = stored;
                } else {
                    fits = false;
                }
            }
            leaves.add(leaf == null ? stored : leaf);
        }
        if (!fits) {
            findings.add(Finding.Code.DAMAGED_TILE, context.first(), "the tile of these entries does not fit them");
        }
        return leaves;
    }

    private static List<@Nullable AuditEntry> entries(List<@Nullable Seen> sound) {
        var entries = new ArrayList<@Nullable AuditEntry>();
        for (Seen each : sound) {
            entries.add(each == null ? null : each.entry());
        }
        return entries;
    }

    private void say(Finding.Code code, int slot, String what) {
        long entry = context.first() + slot;
        findings.add(code, entry, "entry " + entry + ": " + what);
    }
}
