package org.medbackup.audit;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.medbackup.audit.files.Disk;
import org.medbackup.audit.files.DiskSync;
import org.medbackup.audit.files.Layout;
import org.medbackup.audit.files.StoredTree;
import org.medbackup.audit.files.TileFiles;
import org.medbackup.audit.merkle.ConsistencyProof;
import org.medbackup.audit.merkle.InclusionProof;
import org.medbackup.audit.merkle.TreeHead;
import org.medbackup.audit.note.Checkpoint;
import org.medbackup.core.Entropy;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.EventSink;

/**
 * Keeps what happened so that nobody can change it unnoticed: an append-only Merkle log (RFC 9162) in files of one
 * folder, with signed checkpoints. {@code docs/audit.md} describes the files.
 *
 * <p>Safe for use by several threads; several processes of one host may use the same folder. Closing signs what is not
 * signed yet.
 */
public final class AuditTrail implements EventSink, AutoCloseable {

    private final TrailState.Parts parts;
    private final Trail trail;
    private final GroupCommit commit;
    private final AtomicBoolean closed = new AtomicBoolean();

    private AuditTrail(TrailState.Parts parts) {
        this.parts = parts;
        this.trail = new Trail(parts);
        this.commit = new GroupCommit(trail::append);
    }

    /**
     * Opens the trail of a folder, or begins one. What a crash left unfinished is cut off, kept below {@code torn/} and
     * recorded.
     *
     * @param hostKey at least 16 random bytes that only this host knows; not kept
     * @throws org.medbackup.core.error.DamageException with {@code AUDIT_DAMAGED} where the end of the trail does not
     *     fit its last checkpoint, or was written with another key; nothing is changed then
     * @throws org.medbackup.core.error.FailedException with {@code STATE_UNUSABLE} where the folder cannot be used, or
     *     another process holds it for longer than 30 s
     */
    public static AuditTrail open(Path folder, Secret hostKey, TimeSource time, Entropy entropy) {
        return open(folder, hostKey, time, entropy, channel -> channel.force(false));
    }

    static AuditTrail open(Path folder, Secret hostKey, TimeSource time, Entropy entropy, DiskSync sync) {
        var trail = reach(folder, hostKey, time, entropy, new Disk(sync));
        try {
            trail.head();
        } catch (RuntimeException failed) {
            trail.abandon();
            throw failed;
        }
        return trail;
    }

    /** The trail of a folder that may not be usable now: each use tries it. */
    static AuditTrail reach(Path folder, Secret hostKey, TimeSource time, Entropy entropy, Disk disk) {
        var parts = new TrailState.Parts(Layout.make(disk, folder), disk, TrailKeys.derive(hostKey), time, entropy);
        parts.keys().signer().prepare();
        return new AuditTrail(parts);
    }

    /** Ends it without another look at its files. */
    void abandon() {
        closed.set(true);
        commit.close();
    }

    /** Records these, in this order and durably. */
    void record(List<Recorded> all) {
        commit.append(all);
    }

    /**
     * Records an event, durably before this returns; progress is not recorded. The end of an operation is signed at
     * once. When this fails, the event may or may not be in the trail.
     *
     * @throws org.medbackup.core.error.DamageException as {@link #open}, where others damaged the trail meanwhile
     * @throws org.medbackup.core.error.CapacityException with {@code NO_SPACE}
     * @throws org.medbackup.core.error.FailedException with {@code STATE_UNUSABLE}
     * @throws org.medbackup.core.error.UsageException where the record would be longer than 65,535 bytes
     * @throws IllegalStateException after closing
     */
    @Override
    public void accept(BackupEvent event) {
        if (Records.isRecorded(event)) {
            commit.append(event);
        }
    }

    /** Number of entries and root hash now, of all processes. Who keeps it elsewhere can later prove a rollback. */
    public TreeHead head() {
        return commit.call(() -> trail.use(TrailState::head));
    }

    /** All entries until now, to be copied while others append. What a killed process left unfinished is not among them. */
    public TrailPrefix prefix() {
        return commit.call(() -> trail.use(state -> TrailPrefix.take(parts.layout(), state.head())));
    }

    /**
     * The proof that the tree of {@link #head()} has an entry.
     *
     * @throws IllegalArgumentException where there is no such entry
     */
    public InclusionProof proofOfInclusion(long index) {
        long size = head().size();
        return commit.call(() -> stored(size).inclusion(index, size));
    }

    /**
     * The proof that the tree over the first {@code to} entries begins with that over the first {@code from}.
     *
     * @throws IllegalArgumentException where these are no sizes that the trail had, in this order
     */
    public ConsistencyProof proofOfConsistency(long from, long to) {
        long size = head().size();
        if (to > size) {
            throw new IllegalArgumentException("the trail has not been that large");
        }
        return commit.call(() -> stored(size).consistency(from, to));
    }

    private StoredTree stored(long size) {
        return new StoredTree(parts.layout(), new TileFiles(parts.layout(), parts.disk()), size);
    }

    /**
     * Entries with the proofs that the trail's signed head holds them, for those who have neither the trail nor its host. What
     * is not signed yet is signed before.
     *
     * @param indices their numbers
     * @throws IllegalArgumentException where there is no such entry
     */
    public AuditProof prove(List<Long> indices) {
        return prove(indices, head().size());
    }

    /**
     * As {@link #prove(List)}, under the head that the trail had when it was so large: who asks again later gets the same
     * proofs.
     *
     * @param size number of entries of that head
     * @throws IllegalArgumentException where there is no such entry, or the trail has not been that large
     */
    public AuditProof prove(List<Long> indices, long size) {
        return commit.call(() -> {
            long now = trail.use(current -> {
                current.sign();
                return current.head().size();
            });
            if (size < 0 || size > now) {
                throw new IllegalArgumentException("the trail has not been that large");
            }
            StoredTree tree = stored(now);
            List<ProvenEntry> entries = indices.stream()
                    .map(index -> new ProvenEntry(
                            new EntryReader(parts.layout(), size)
                                    .from(index)
                                    .findFirst()
                                    .orElseThrow(() -> new IllegalArgumentException("there is no such entry"))
                                    .record(),
                            tree.inclusion(index, size)))
                    .toList();
            var head = new TreeHead(size, tree.root(size));
            return new AuditProof(
                    parts.keys().signer().sign(new Checkpoint(parts.keys().origin(), head).text()), entries);
        });
    }

    /**
     * Keeps a token that attests when a checkpoint was there, beside the checkpoint.
     *
     * @param size of the checkpoint
     */
    public void keepStamp(long size, byte[] token) {
        commit.call(() -> trail.use(state -> {
            parts.disk().writeWhole(parts.layout().unfinished(), parts.layout().stamp(size), token);
            return size;
        }));
    }

    /** The public keys by which others check what this trail has signed. */
    public TrailKey key() {
        return parts.keys().signer().keys();
    }

    /**
     * Signs a statement with the keys of the trail, as a note.
     *
     * @param statement lines, none of them empty, each with a line feed
     * @return the note, which {@link TrailKey#statement} checks
     * @throws IllegalArgumentException where it is no such statement, or could be taken for a checkpoint
     */
    public String sign(String statement) {
        boolean lines = statement.endsWith("\n") && !statement.startsWith("\n") && !statement.contains("\n\n");
        if (!lines || statement.startsWith(parts.keys().origin() + "\n")) {
            throw new IllegalArgumentException("a statement has lines, and none of a checkpoint");
        }
        return parts.keys().signer().sign(statement);
    }

    /**
     * The entries from a number on, as many as there are now. Needs no closing. Damage that is met while reading is
     * thrown; only {@link #verify} proves that there is none.
     */
    public Stream<AuditEntry> entries(long from) {
        if (from < 0) {
            throw new IllegalArgumentException("entries are numbered from 0");
        }
        return new EntryReader(parts.layout(), head().size()).from(from);
    }

    /** What stands in the entries for a veiled value, to find those that are about it. */
    public String tokenOf(String value) {
        return parts.keys().token(Records.clean(value));
    }

    /** Signs what is not signed yet and frees the files. Does nothing the second time. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                commit.call(() -> {
                    trail.close();
                    return closed;
                });
            } finally {
                commit.close();
            }
        }
    }

    /**
     * Recomputes everything, without the right to write and while others write. Reads each file once; memory does not
     * grow with the trail.
     *
     * @throws org.medbackup.core.error.FailedException with {@code STATE_UNUSABLE} where a file cannot be read
     */
    public static AuditVerification verify(Path folder, Secret hostKey) {
        return verify(folder, hostKey, List.of());
    }

    /**
     * As {@link #verify(Path, Secret)}, and compares heads that were kept elsewhere, such as in the manifests of
     * backups: the only way to see that a whole trail was replaced by an older copy of itself.
     */
    public static AuditVerification verify(Path folder, Secret hostKey, List<TreeHead> anchors) {
        return verify(folder, hostKey, anchors, StampCheck.none());
    }

    /** As {@link #verify(Path, Secret, List)}, and checks the tokens that were kept of checkpoints. */
    public static AuditVerification verify(Path folder, Secret hostKey, List<TreeHead> anchors, StampCheck stamps) {
        return new Verification(Layout.find(folder), TrailKeys.derive(hostKey), anchors, stamps).run();
    }
}
