package org.medbackup.engine;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.medbackup.core.PathBytes;
import org.medbackup.core.Secret;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.access.ProtectedAct;
import org.medbackup.core.spi.app.LogArchive;
import org.medbackup.core.spi.store.Keeping;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.backup.CompositeBackup;
import org.medbackup.engine.internal.backup.FileBackup;
import org.medbackup.engine.internal.browse.Browser;
import org.medbackup.engine.internal.browse.StatsReader;
import org.medbackup.engine.internal.browse.TreeDiff;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.collect.Collector;
import org.medbackup.engine.internal.collect.ReadHold;
import org.medbackup.engine.internal.collect.Retention;
import org.medbackup.engine.internal.commit.Certificate;
import org.medbackup.engine.internal.commit.Signers;
import org.medbackup.engine.internal.commit.Slots;
import org.medbackup.engine.internal.copy.ObjectRepair;
import org.medbackup.engine.internal.copy.SnapshotCopy;
import org.medbackup.engine.internal.keys.FormatObject;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.keys.Stretching;
import org.medbackup.engine.internal.log.Findings;
import org.medbackup.engine.internal.open.RepositoryFiles;
import org.medbackup.engine.internal.read.ChunkReader;
import org.medbackup.engine.internal.restore.Restores;
import org.medbackup.engine.internal.scan.Exclusions;
import org.medbackup.engine.internal.verify.Verification;

/**
 * An open repository. Every operation reads the state as it stands when it begins; any number of processes may work on
 * one repository at a time. Safe for use by several threads.
 *
 * <p>Operations fail with {@link org.medbackup.core.error.BackupException}; what the {@link KeyRole} of the key does not
 * allow fails with {@link ErrorCode#KEY_ROLE_INSUFFICIENT}.
 */
public final class Repository implements AutoCloseable {

    /** A clock further ahead of the newest restore point gives nothing up. */
    private static final Duration BELIEVED = Duration.ofDays(366);

    private final RepositoryCore core;
    private final RestorePoints points;
    private final Proofs proofs;
    private final int formatVersion;

    private Repository(RepositoryCore core, int formatVersion) {
        this.core = core;
        this.points = new RestorePoints(core);
        this.proofs = new Proofs(core);
        this.formatVersion = formatVersion;
    }

    /**
     * What {@link #create} made.
     *
     * @param id of the repository, 32 hexadecimal digits
     * @param format version
     * @param writerKey text of a writer's key file; whoever has it can back up, and read nothing
     */
    public record Created(String id, int format, Secret writerKey) {}

    /**
     * Makes a repository in an empty store.
     *
     * @param password opens it; not empty
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#REPOSITORY_EXISTS} where anything is there
     */
    public static Created create(ObjectStore store, EngineContext context, Secret password) {
        return create(store, context, password, RepositoryOptions.USUAL);
    }

    /** As {@link #create(ObjectStore, EngineContext, Secret)}, with other options. */
    public static Created create(ObjectStore store, EngineContext context, Secret password, RepositoryOptions options) {
        return RepositoryCreation.create(
                store, context, password, Stretching.of(options.derivation()), options.signatures());
    }

    /** For tests, which make many. */
    static Created create(ObjectStore store, EngineContext context, Secret password, int rounds) {
        return create(store, context, password, rounds, RepositoryOptions.Signatures.ED25519);
    }

    /** For tests, which make many. */
    static Created create(
            ObjectStore store,
            EngineContext context,
            Secret password,
            int rounds,
            RepositoryOptions.Signatures signatures) {
        return RepositoryCreation.create(store, context, password, new Stretching.Pbkdf2(rounds), signatures);
    }

    /**
     * Opens a repository.
     *
     * @param log takes what is found to be damaged and could be made good
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#REPOSITORY_NOT_FOUND},
     *     {@link ErrorCode#REPOSITORY_TOO_NEW} or {@link ErrorCode#WRONG_PASSWORD}
     * @throws DamageException with {@link ErrorCode#FORMAT_DAMAGED} or {@link ErrorCode#KEYS_DAMAGED} where both copies are
     */
    public static Repository open(ObjectStore store, EngineContext context, Credential credential, OperationLog log) {
        var findings = new Findings(log);
        var files = new RepositoryFiles(store, context.entropy());
        FormatObject format = files.readFormat(findings);
        KeyRing keys = files.readKeys(format, credential, findings);
        return new Repository(new RepositoryCore(store, keys, context), format.version());
    }

    /** The repository's id, 32 hexadecimal digits. */
    public String id() {
        return core.id();
    }

    /** The version of its format. */
    public int formatVersion() {
        return formatVersion;
    }

    /** The role of the key that opened it. */
    public KeyRole role() {
        return core.keys().role();
    }

    /** The keys of this repository: who holds which, and giving more. */
    public RepositoryKeys keys() {
        return new RepositoryKeys(core);
    }

    /** The retention locks of restore points at this target. */
    public RepositoryLocks locks() {
        return new RepositoryLocks(core, points);
    }

    /** Its restore points that are suspected to hold what ransomware has done. */
    public RepositorySuspicions suspicions() {
        return new RepositorySuspicions(core);
    }

    /** Its legal holds. */
    public RepositoryHolds holds() {
        return new RepositoryHolds(core, points);
    }

    /** The rules of access that lie in it. */
    public RepositoryRules rules() {
        return new RepositoryRules(core);
    }

    /** Whether restore points can be read with the key that opened it. */
    public boolean reads() {
        return core.keys().reads();
    }

    /** Backs up file trees as they are. */
    public BackupResult backup(BackupRequest request, OperationLog log) {
        core.keys().require(KeyRole.Right.BACK_UP);
        return FileBackup.run(core, request, log);
    }

    /** Begins a backup that is put together piece by piece. */
    public AssembledBackup assemble(BackupRequest request, OperationLog log) {
        core.keys().require(KeyRole.Right.BACK_UP);
        return new AssembledBackup(new CompositeBackup(core, request, log));
    }

    /**
     * The log of one application.
     *
     * @param request names the source that its restore points have, which nothing else has; what it says of paths does not
     *     matter
     */
    public LogArchive logArchive(BackupRequest request, OperationLog log) {
        return new RepositoryLog(this, core, request, log);
    }

    /** All restore points, oldest first; unreadable ones are said to the log and left out. */
    public List<Snapshot> snapshots(OperationLog log) {
        return points.all(log);
    }

    /**
     * Restore points as somebody sees them who knows some already.
     *
     * @param ids of all that are there, also of those that nobody can read any more and of backups that were called off
     * @param unknown those that were not known, in no order that means anything
     */
    public record Listed(Set<String> ids, List<Snapshot> unknown) {

        public Listed {
            ids = Set.copyOf(ids);
            unknown = List.copyOf(unknown);
        }
    }

    /**
     * What is there, for somebody who keeps a list of it: the names of all restore points are read, and the manifests of
     * those only that are not known; unreadable ones are said to the log.
     *
     * @param known ids
     */
    public Listed snapshotsBeyond(Set<String> known, OperationLog log) {
        return points.beyond(known, log);
    }

    /**
     * Which restore points are gone although nobody gave them up: somebody deleted them who is none of this repository's own.
     *
     * @param gone ids of restore points that were there once and are not now
     */
    public Set<String> unexplained(Set<String> gone, OperationLog log) {
        return points.unexplained(gone, log);
    }

    /**
     * The restore point that a text names: {@code latest}, {@code latest@SOURCE}, an id or the beginning of one.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#SNAPSHOT_NOT_FOUND} or
     *     {@link ErrorCode#SNAPSHOT_AMBIGUOUS}
     */
    public Snapshot find(String text, OperationLog log) {
        return SnapshotSelector.find(snapshots(log), text);
    }

    /** Restores. */
    public RestoreResult restore(RestoreRequest request, OperationLog log) {
        var findings = new Findings(log);
        // The root is asked for again now that it is held: a collector that had not seen the hold had begun before
        // this.
        core.keys().requireReading();
        return ReadHold.during(
                core,
                points.references(request.snapshot(), findings),
                findings,
                hold -> Restores.run(core, points.root(request.snapshot(), log), request, log, hold::renew));
    }

    /** What a restore would do; reads names and no data. */
    public RestorePlan plan(RestoreRequest request, OperationLog log) {
        return Restores.plan(core, points.root(request.snapshot(), log), request, log);
    }

    /** What a restore would do, read by read, for a simulation of it; reads names and no data. */
    public RestoreSteps steps(RestoreRequest request, OperationLog log) {
        core.keys().requireReading();
        return Restores.steps(core, points.root(request.snapshot(), log), request, log);
    }

    /** The packs of data from which a restore would be read, in the order of their names; reads names and no data. */
    public List<ObjectInfo> packs(RestoreRequest request, OperationLog log) {
        core.keys().requireReading();
        return Restores.packs(core, points.root(request.snapshot(), log), request, log);
    }

    /** How what lies cold at the target is brought back; empty where everything can be read at once. */
    public Optional<ObjectStore.Recall> recall() {
        return core.store().recall();
    }

    private interface Reading<T> {
        T with(ChunkReader reader) throws IOException;
    }

    private <T> T reading(OperationLog log, Reading<T> work) {
        var findings = new Findings(log);
        try (var reader = new ChunkReader(core, core.openIndex(findings), findings)) {
            return work.with(reader);
        } catch (IOException failed) {
            throw ErrorCode.TARGET_UNUSABLE.because("whoever takes the content does not take more", failed);
        }
    }

    /**
     * Lists entries of a restore point.
     *
     * @param path absolute; a folder's content or the entry itself
     * @param recursive whether what lies deeper is listed too
     */
    public void list(String snapshot, PathBytes path, boolean recursive, Consumer<Entry> visitor, OperationLog log) {
        ChunkId root = points.root(snapshot, log);
        reading(log, reader -> {
            new Browser(reader, root).list(path.trimmed(), recursive, visitor);
            return true;
        });
    }

    /**
     * Finds entries in all restore points, the oldest first.
     *
     * @param pattern as those of exclusions: without a slash it is held against each name, with one against the path
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#PATTERN_MALFORMED}
     */
    public void search(String pattern, BiConsumer<Snapshot, Entry> visitor, OperationLog log) {
        var patterns = new Exclusions(List.of(pattern));
        for (Snapshot snapshot : snapshots(log)) {
            ChunkId root = points.root(snapshot.id(), log);
            reading(log, reader -> {
                new Browser(reader, root).search(patterns, entry -> visitor.accept(snapshot, entry));
                return true;
            });
        }
    }

    /** Names the differences between two restore points. */
    public void diff(String before, String after, Consumer<Difference> visitor, OperationLog log) {
        ChunkId from = points.root(before, log);
        ChunkId to = points.root(after, log);
        reading(log, reader -> {
            TreeDiff.each(reader, from, to, visitor);
            return true;
        });
    }

    /** Writes the content of one file. */
    public void dump(String snapshot, PathBytes path, WritableByteChannel target, OperationLog log) {
        ChunkId root = points.root(snapshot, log);
        reading(log, reader -> {
            new Browser(reader, root).dump(path.trimmed(), target);
            return true;
        });
    }

    /**
     * Proves that restore points can be restored, and keeps the result in the repository.
     *
     * @param share of the packs to read, above 0 and at most 1
     * @param snapshots ids; empty for all
     */
    public VerifyResult verify(VerifyLevel level, double share, Set<String> snapshots, OperationLog log) {
        if (!(share > 0 && share <= 1)) {
            throw ErrorCode.USAGE.because("a sample is more than 0 and at most 100 per cent");
        }
        core.keys().require(level.includes(VerifyLevel.CONTENT) ? KeyRole.Right.READ : KeyRole.Right.PROVE);
        VerifyResult result = Verification.run(core, level, share, snapshots, log);
        proofs.keep(result, level, share);
        return result;
    }

    /**
     * The last proof of a restore point.
     *
     * @param time when it ended
     * @param level how deep it went
     * @param share of the packs that were read
     * @param whole whether it was found whole
     */
    public record Verified(Instant time, VerifyLevel level, double share, boolean whole) {}

    /** The last proof of each restore point that has one, by its id. */
    public Map<String, Verified> verified(OperationLog log) {
        return proofs.latest(log);
    }

    /**
     * The last proof of each restore point that was proven since then, by its id.
     *
     * @param since by the clocks of those who proved
     */
    public Map<String, Verified> verified(Instant since, OperationLog log) {
        return proofs.latest(since, log);
    }

    /**
     * Gives restore points up by rules, each source for itself. Their space is freed by {@link #collect}. Refused, with the
     * reason, is what a legal hold covers, what the {@linkplain EngineContext#terms terms} of a retention class keep, and what is
     * locked.
     *
     * @param dryRun whether only to say what would be given up
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#USAGE} where there is no rule, and
     *     {@link ErrorCode#KEY_ROLE_INSUFFICIENT} where the key is not the owner's
     * @throws org.medbackup.core.error.RefusedException where the {@linkplain EngineContext#guard guard} does not permit it
     */
    public ForgetResult forget(RetentionRules rules, boolean dryRun, OperationLog log) {
        List<Snapshot> all = snapshots(log);
        return forget(rules, all, all, dryRun, log);
    }

    /**
     * As {@link #forget(RetentionRules, boolean, OperationLog)}, of some sources only.
     *
     * @param sources by name
     */
    public ForgetResult forget(RetentionRules rules, Set<String> sources, boolean dryRun, OperationLog log) {
        List<Snapshot> all = snapshots(log);
        List<Snapshot> theirs =
                all.stream().filter(each -> sources.contains(each.source())).toList();
        return forget(rules, theirs, all, dryRun, log);
    }

    /**
     * On what retention is judged.
     *
     * @throws org.medbackup.core.error.RefusedException with {@link ErrorCode#CLOCK_NOT_BELIEVED} where the clock is so far ahead of
     *     all restore points that rather the clock is wrong
     */
    private Retention.Basis basis(List<Snapshot> all, OperationLog log) {
        Instant now = core.context().time().now();
        boolean believed =
                all.isEmpty() || all.stream().anyMatch(each -> each.time().isAfter(now.minus(BELIEVED)));
        if (!believed) {
            throw ErrorCode.CLOCK_NOT_BELIEVED.because(
                    "it is more than " + BELIEVED.toDays() + " days ahead of the newest restore point");
        }
        Signers signers = Signers.read(core.store(), core.keys(), new Findings(log));
        Set<String> revoked = signers.all().stream()
                .filter(signers::isRetired)
                .map(Certificate::id)
                .collect(Collectors.toSet());
        return new Retention.Basis(now, proofs.whole(log), revoked);
    }

    private ForgetResult forget(
            RetentionRules rules, List<Snapshot> of, List<Snapshot> all, boolean dryRun, OperationLog log) {
        if (rules.isEmpty()) {
            throw ErrorCode.USAGE.because("no rule says what to keep");
        }
        Retention.Basis basis = basis(all, log);
        var parameters = new TreeMap<>(rules.parameters());
        if (of.stream().allMatch(Snapshot::isOfSite)) {
            parameters.put(RetentionRules.OF_SITE, "true");
        }
        var act = new ProtectedAct(ProtectedAct.Kind.EXPIRE, id(), parameters);
        return forget(Retention.apply(of, rules, basis), all, Set.of(), basis, act, dryRun, log);
    }

    /**
     * Gives single restore points up.
     *
     * @param ids whole ids; one whose manifest nobody can read any more may be among them
     */
    public ForgetResult forget(Set<String> ids, boolean dryRun, OperationLog log) {
        List<Snapshot> readable = snapshots(log);
        Set<String> known = new HashSet<>();
        readable.forEach(each -> known.add(each.id()));
        Retention.Basis basis = basis(readable, log);
        ForgetResult result = Retention.remove(readable, ids, basis);
        var removed = new ArrayList<>(result.removed());
        core.slots(new Findings(log)).ids().stream()
                .filter(id -> ids.contains(id) && !known.contains(id))
                .forEach(removed::add);
        var act = new ProtectedAct(
                ProtectedAct.Kind.FORGET, id(), Map.of("snapshots", String.join(",", new TreeSet<>(ids))));
        var wished = new ForgetResult(result.kept(), removed, result.refused());
        return forget(wished, readable, ids, basis, act, dryRun, log);
    }

    /**
     * Gives restore points up that hold log and that no backup needs any more.
     *
     * @param ids of them
     * @param dryRun whether only to say what would be given up
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#USAGE} where one holds no log
     */
    public ForgetResult forgetLog(Set<String> ids, boolean dryRun, OperationLog log) {
        List<Snapshot> all = snapshots(log);
        boolean logs = all.stream().filter(each -> ids.contains(each.id())).allMatch(Snapshot::holdsLog);
        if (!logs) {
            throw ErrorCode.USAGE.because("a restore point that is to be given up with the log holds none");
        }
        var act = new ProtectedAct(ProtectedAct.Kind.EXPIRE, id(), Map.of(RetentionRules.OF_UNNEEDED_LOG, "true"));
        var wished = new ForgetResult(List.of(), List.copyOf(ids), List.of());
        return forget(wished, all, Set.of(), basis(all, log), act, dryRun, log);
    }

    private ForgetResult forget(
            ForgetResult wished,
            List<Snapshot> all,
            Set<String> named,
            Retention.Basis basis,
            ProtectedAct act,
            boolean dryRun,
            OperationLog log) {
        ForgetResult free = new RetainedPoints(core, all, named, basis, log).without(wished);
        ForgetResult chosen = locks().withoutLocked(free);
        if (!dryRun && !chosen.removed().isEmpty()) {
            // Only now that something is given up: an approval is used once.
            core.context().guard().permit(act, rules());
            core.slots(new Findings(log))
                    .forget(
                            chosen.removed(),
                            core.context().time().now(),
                            core.context().entropy());
        }
        return chosen;
    }

    /**
     * Frees the space of what no restore point needs. Backups and restores may run at the same time; what they hold back
     * is freed by the next call.
     *
     * @throws DamageException with {@link ErrorCode#COLLECTION_STOPPED} where what the restore points need cannot be read;
     *     then nothing was deleted
     */
    public CollectResult collect(CollectRequest request, OperationLog log) {
        return Collector.collect(core, request, log);
    }

    /**
     * Says for good what became of a backup of which nobody knows whether it has committed, such as that of a process that was
     * killed or suspended: where it has not, it never will. Needs the owner's key.
     *
     * @param ticket id that its restore point would have, as {@link BackupRequest.Follower#begun} was told it
     * @return whether it has committed
     */
    public boolean settle(String ticket, OperationLog log) {
        core.keys().require(KeyRole.Right.COLLECT);
        Slots slots = core.slots(new Findings(log));
        boolean revoked =
                slots.revoke(ticket, core.context().time().now(), core.context().entropy());
        return !revoked && points.all(log).stream().anyMatch(each -> each.id().equals(ticket));
    }

    /**
     * Brings objects that are missing or damaged back from another copy of this repository, the same bytes under the same
     * names. Needs the owner's key, and leave to delete at the store.
     *
     * @param objects names, as {@link VerifyResult.Damage#object} gives them
     * @param copy a target that restore points were copied to; only read
     * @throws org.medbackup.core.error.RefusedException where the store does not let what is damaged be deleted
     */
    public RepairResult repair(Collection<String> objects, ObjectStore copy) {
        return ObjectRepair.run(
                core, objects.stream().map(ObjectName::of).toList(), copy, new Findings(OperationLog.silent()));
    }

    /**
     * Copies a restore point to another target, which becomes a repository of the same id, to be opened with the same
     * keys. Needs no key to data or names. What lies there already is not copied again.
     *
     * @param snapshot as {@link #find} takes it; with keys that read no names, an id or the beginning of one
     * @param target an empty store, or one that was copied to before; not closed
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#REPOSITORY_EXISTS} where something else lies
     *     there
     * @throws org.medbackup.core.error.RefusedException with {@link ErrorCode#COPY_GIVEN_UP} where it was forgotten there
     * @throws org.medbackup.core.error.FailedException with {@link ErrorCode#COPY_REVOKED} where a collector there has
     *     taken its place
     */
    public CopyResult copy(String snapshot, ObjectStore target, OperationLog log) {
        core.keys().require(KeyRole.Right.COLLECT);
        var findings = new Findings(log);
        String id = points.idOf(snapshot, log);
        return ReadHold.during(
                core,
                points.references(id, findings),
                findings,
                hold -> SnapshotCopy.run(core, id, target, log, hold::renew));
    }

    /**
     * Makes a target ready for copies, so that packs may lie there before the first restore point comes: it becomes a repository
     * of the same id, or is completed.
     *
     * @param target as of {@link #copy}
     * @param log takes what is found to be damaged and left out
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#REPOSITORY_EXISTS} where something else lies
     *     there, and {@link ErrorCode#KEY_ROLE_INSUFFICIENT} for a writer's key
     */
    public void prepareCopy(ObjectStore target, OperationLog log) {
        core.keys().require(KeyRole.Right.COLLECT);
        SnapshotCopy.complete(core, target, Keeping.NONE, new Findings(log));
    }

    /** Sizes of the repository; reads the directory of every pack. */
    public RepositoryStats stats(OperationLog log) {
        core.keys().require(KeyRole.Right.PROVE);
        return StatsReader.read(core, log);
    }

    /** Says that the repository was used for something, with its id. */
    public Facts facts() {
        return Facts.of("repository", id());
    }

    /** The restore point that a commit of this id made, empty where there is none. */
    public Optional<Snapshot> snapshot(String id, OperationLog log) {
        core.keys().requireReading();
        var findings = new Findings(log);
        return core.slots(findings).read(id).map(RestorePoints::snapshot);
    }

    @Override
    public void close() {
        core.store().close();
    }
}
