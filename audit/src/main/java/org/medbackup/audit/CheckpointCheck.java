package org.medbackup.audit;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.merkle.Hash;
import org.medbackup.audit.merkle.TreeHead;
import org.medbackup.audit.note.Checkpoint;
import org.medbackup.audit.note.NoteReader;
import org.medbackup.audit.note.NoteReader.Read;
import org.medbackup.audit.note.VerifierKey;

/** Reads the checkpoints beside the entries and compares each with the tree of its size. For one thread. */
final class CheckpointCheck {

    private final NoteReader reader;
    private final TrailKey key;
    private final Findings findings;
    private final Stamps stamps;
    private @Nullable TreeHead next;
    private long largest = -1;
    private long good;
    private boolean badBefore;
    private boolean begun;
    private boolean nextLacks;
    private boolean lacked;

    CheckpointCheck(InputStream in, TrailKey key, Stamps stamps, Findings findings) throws IOException {
        this.stamps = stamps;
        this.reader = new NoteReader(in, 0);
        this.key = key;
        this.findings = findings;
        advance();
    }

    /** Goes to the next checkpoint with a good signature and a size above all before. */
    private void advance() throws IOException {
        next = null;
        badBefore = false;
        while (next == null) {
            Read read = reader.next();
            if (read == null) {
                return;
            }
            next = check(read);
            badBefore |= next == null;
        }
    }

    private @Nullable TreeHead check(Read read) throws IOException {
        return switch (read) {
            case Read.Whole whole -> check(whole);
            case Read.Malformed malformed -> bad(malformed.at());
            case Read.Torn torn -> {
                findings.add(Finding.Code.TORN_TAIL, largest, "the checkpoint at byte " + torn.at() + " has no end");
                yield null;
            }
        };
    }

    private @Nullable TreeHead bad(long at) {
        findings.add(
                Finding.Code.BAD_CHECKPOINT, largest, "no checkpoint stands at byte " + at + " of the checkpoints");
        return null;
    }

    private @Nullable TreeHead check(Read.Whole read) throws IOException {
        Checkpoint checkpoint = Checkpoint.parse(read.note().text());
        if (checkpoint == null) {
            return bad(read.start());
        }
        TreeHead head = checkpoint.head();
        if (!checkpoint.origin().equals(key.first().name()) || !read.note().isSignedBy(key.first())) {
            findings.add(
                    Finding.Code.BAD_CHECKPOINT_SIGNATURE,
                    head.size(),
                    "the checkpoint at byte " + read.start() + " is not signed with the trail's key");
            return null;
        }
        good++;
        compareSecond(read, head);
        if (head.size() <= largest) {
            findings.add(
                    Finding.Code.AUDIT_ROLLBACK,
                    head.size(),
                    "a checkpoint of size " + head.size() + " follows one of size " + largest);
            return null;
        }
        largest = head.size();
        stamps.compare(head.size(), read.note().text());
        return head;
    }

    /** All checkpoints of the beginning of an old trail have one signature. */
    private void compareSecond(Read.Whole read, TreeHead head) {
        VerifierKey second = key.second();
        boolean signed = second != null && read.note().isSignedBy(second);
        boolean claims = read.note().hasPostQuantumLine(key.first().name());
        nextLacks = false;
        if (!signed && (begun || claims)) {
            badSecond(head.size());
        } else {
            nextLacks = !signed;
        }
        begun |= signed;
    }

    private void badSecond(long size) {
        findings.add(
                Finding.Code.BAD_SECOND_SIGNATURE,
                size,
                "the checkpoint of size " + size + " is not signed with the trail's second key, ML-DSA-65");
    }

    /** Says that an entry names the checkpoint that {@link #at} has just compared as one that both keys have signed. */
    void namedAsSignedByBoth(long size) {
        if (lacked) {
            badSecond(size);
        }
    }

    /** Whether some checkpoint bears the second signature. */
    boolean hasBegun() {
        return begun;
    }

    /**
     * Compares the checkpoint of this size, if there is one.
     *
     * @param root gives null where the tree is not known
     * @return whether an entry may say that there is one: false where none is there and none was bad
     */
    boolean at(long size, Supplier<@Nullable Hash> root) throws IOException {
        TreeHead head = next;
        lacked = false;
        if (head == null || head.size() != size) {
            return badBefore;
        }
        Hash known = root.get();
        if (known != null && !known.equals(head.root())) {
            findings.add(
                    Finding.Code.AUDIT_ROLLBACK,
                    size,
                    "the signed root at " + size + " does not fit the entries: what was before it has been replaced");
        }
        lacked = nextLacks;
        advance();
        return true;
    }

    /** Reads the rest; returns the number of entries that the last good checkpoint covers, or -1. */
    long covered() throws IOException {
        while (next != null) {
            advance();
        }
        return largest;
    }

    /** Checkpoints with a good signature. */
    long good() {
        return good;
    }
}
