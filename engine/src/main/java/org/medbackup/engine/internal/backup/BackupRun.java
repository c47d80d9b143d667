package org.medbackup.engine.internal.backup;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.medbackup.core.Entropy;
import org.medbackup.core.PathBytes;
import org.medbackup.core.content.SourceSigns;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.RefusedException;
import org.medbackup.core.error.UnavailableException;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.engine.BackupRequest;
import org.medbackup.engine.BackupResult;
import org.medbackup.engine.EngineContext;
import org.medbackup.engine.Snapshot;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.commit.Manifest;
import org.medbackup.engine.internal.commit.ManifestCodec;
import org.medbackup.engine.internal.commit.Slots;
import org.medbackup.engine.internal.commit.Ticket;
import org.medbackup.engine.internal.commit.TicketHolder;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.index.CondemnedPacks;
import org.medbackup.engine.internal.index.Index;
import org.medbackup.engine.internal.log.Findings;
import org.medbackup.engine.internal.log.Progress;
import org.medbackup.engine.internal.place.Destination;
import org.medbackup.engine.internal.place.Destinations;
import org.medbackup.engine.internal.scan.CacheHeader;
import org.medbackup.engine.internal.scan.CacheRecord;
import org.medbackup.engine.internal.scan.ScanCacheReader;
import org.medbackup.engine.internal.scan.ScanCacheWriter;
import org.medbackup.engine.internal.tree.TreeBuilder;
import org.medbackup.linux.FileTime;

/**
 * One backup, from its ticket to its commit. The order is that of the protocol: announce the ticket, read the condemned
 * lists, then the index; store packs, index segments, index root; then commit by the slot.
 */
final class BackupRun implements AutoCloseable {

    /** Number of the rules by which files are cut; a cache of other rules is not used. */
    private static final int CUTTING = 1;

    /** What a pack has beside its records. */
    private static final long PACK_OVERHEAD = 128 * 1024;

    private final RepositoryCore core;
    private final BackupRequest request;
    private final OperationLog log;
    private final Findings findings;
    private final Instant started;
    private final long startedNanos;
    private final byte[] hostKey;
    private final byte[] sourceToken;
    private final TicketHolder ticket;
    private final Slots slots;
    private final Index index;
    private final BackupCounters counters = new BackupCounters();
    private final ReadErrors errors = new ReadErrors();
    private final ContentSigns signs;
    private final Destinations destinations;
    private final ChunkSink sink;
    private final WorkerPool pool;
    private final ChunkWorker pageWorker;
    private final AttributeReader attributes = new AttributeReader();
    private final Optional<CacheHeader> parent;
    private final Progress progress;
    private long entriesPassed;

    BackupRun(RepositoryCore core, BackupRequest request, OperationLog log) {
        this.core = core;
        this.request = request;
        this.log = log;
        this.findings = new Findings(log);
        this.signs = new ContentSigns(request.watched());
        EngineContext context = core.context();
        this.progress = new Progress(log, context.time());
        this.destinations = new Destinations(core.keys(), request.policy(), core.placements(findings));
        this.started = context.time().now();
        this.startedNanos = context.time().nanos();
        this.hostKey = context.hostKey().use(byte[]::clone);
        this.sourceToken =
                Crypto.hmac(core.keys().indexKey(), ("source/" + request.source()).getBytes(StandardCharsets.UTF_8));
        this.slots = Slots.committing(core.store(), core.keys(), findings);
        this.ticket = new TicketHolder(
                core.store(), core.keys(), context.time(), context.entropy(), TicketHolder.BACKUP_LEASE);
        request.follower().begun(ticket.ticket().text());
        CondemnedPacks condemned = core.condemned(findings);
        this.index = core.openIndex(condemned, ticket.ticket().id(), findings);
        Entropy entropy = context.entropy();
        byte[] repository = core.keys().repository();
        this.sink = new ChunkSink(
                core.store(),
                core.keys(),
                ticket.ticket().id(),
                ticket.secrets(),
                index,
                entropy,
                context.throttle(),
                counters,
                context.sizing().packLength() - PACK_OVERHEAD,
                ticket::renew,
                ticket::requireOpen);
        int level = context.sizing().compressionLevel();
        this.pool = new WorkerPool(
                context.sizing().workers(),
                () -> new ChunkWorker(
                        sink, repository, context.throttle(), counters, level, ChunkWorker.LONGEST, true));
        this.pageWorker =
                new ChunkWorker(sink, repository, context.throttle(), counters, level, StoredPages.LONGEST, false);
        this.parent = usableParent();
        if (parent.isEmpty()) {
            context.throttle().first();
        }
    }

    /** An exception that ends this run, with the ticket that it leaves behind. */
    BackupException ended(BackupException failed) {
        return failed.with("ticket", ticket.ticket().text());
    }

    /** What readers of sources share. */
    SourceReader.Work work() {
        return new SourceReader.Work(
                pool,
                sink,
                core.context().throttle(),
                request.policy(),
                destinations,
                parent.map(this::moves).orElse(Moves.NONE),
                attributes,
                counters,
                signs,
                errors,
                hostKey,
                this::sayProgress);
    }

    private Moves moves(CacheHeader before) {
        return Moves.of(request.policy(), before.started().instant(), started, index::locate, core.keys());
    }

    private void sayProgress() {
        entriesPassed++;
        if ((entriesPassed & 63) == 0) {
            // Looking at so many takes a fraction of a millisecond of processor time.
            core.context().throttle().pass();
            progress.say(entriesPassed, counters.scannedBytes.sum(), -1, -1);
        }
    }

    private Path cacheFile() {
        String name = HexFormat.of().formatHex(Crypto.hmac(hostKey, sourceToken), 0, 16);
        return core.cacheFolder().resolve("scan").resolve(name + ".scan");
    }

    private Optional<CacheHeader> usableParent() {
        Optional<ScanCacheReader> cache = ScanCacheReader.open(cacheFile(), hostKey);
        try {
            return cache.map(ScanCacheReader::header).filter(this::isUsable);
        } finally {
            cache.ifPresent(ScanCacheReader::close);
        }
    }

    private boolean isUsable(CacheHeader header) {
        return Arrays.equals(header.repository(), core.keys().repository()) && header.cutting() == CUTTING;
    }

    /** The memory of the last run of this source, from its beginning. */
    Previous previous() {
        CacheHeader header = parent.orElse(null);
        if (header == null) {
            return Previous.none();
        }
        // Where no collector has been at work since, everything that the last restore point needed is still there. But
        // a target that was set back to an earlier state, as by a snapshot of its disk, may lack that restore point.
        boolean settled = isThere(header)
                && header.collection() == index.root().collection()
                && !index.condemned().anyList()
                && !index.isRepaired();
        return openParent(header)
                .map(cache -> Previous.of(cache, settled ? id -> true : sink::isKnown))
                .orElseGet(Previous::none);
    }

    /** The memory, unless another run of the source has put its own in the place of the one that this run began with. */
    private Optional<ScanCacheReader> openParent(CacheHeader header) {
        Optional<ScanCacheReader> cache = ScanCacheReader.open(cacheFile(), hostKey);
        boolean same = cache.filter(found -> Arrays.equals(found.header().snapshot(), header.snapshot()))
                .isPresent();
        if (!same) {
            cache.ifPresent(ScanCacheReader::close);
        }
        return same ? cache : Optional.empty();
    }

    /** What the restore point of that memory says of its application; empty where there is none. */
    Map<String, String> evidenceBefore() {
        try (ScanCacheReader cache = parent.flatMap(this::openParent).orElse(null)) {
            return cache != null && cache.peek() instanceof CacheRecord.Facts facts
                    ? Collections.unmodifiableMap(facts.evidence())
                    : Map.of();
        }
    }

    /**
     * What of a memory is not there any more counts as deleted.
     *
     * @param isOurs whether a path is of the part that is read now
     */
    void compare(Previous previous, Predicate<PathBytes> isOurs) {
        if (previous.isThere()) {
            signs.compared();
        }
        previous.tellingDeleted(entry -> {
            if (isOurs.test(entry.path())) {
                signs.deleted(entry);
            }
        });
    }

    private boolean isThere(CacheHeader header) {
        try {
            return core.store()
                    .length(Slots.slot(HexFormat.of().formatHex(header.snapshot())))
                    .isPresent();
        } catch (UnavailableException | RefusedException notTold) {
            // A writer need not be allowed to ask; then each chunk is looked up, which only takes longer.
            return false;
        }
    }

    /** A new memory for the next run, in the old one's place once it is committed. */
    ScanCacheWriter newCache() {
        return newCache(cacheFile());
    }

    /** A memory in a file of its own, sealed in the same way. */
    ScanCacheWriter newCache(Path file) {
        var header = new CacheHeader(
                core.keys().repository(),
                ticket.ticket().id(),
                FileTime.of(started),
                index.root().collection(),
                CUTTING);
        return new ScanCacheWriter(file, hostKey, header, core.context().entropy());
    }

    byte[] hostKey() {
        return hostKey;
    }

    Path scratchFile() {
        return core.cacheFolder()
                .resolve("scan")
                .resolve(".run-"
                        + HexFormat.of().formatHex(core.context().entropy().bytes(8)));
    }

    /** A sink that builds the tree of the restore point. */
    TreeSink newTree() {
        return new TreeSink(
                new StoredPages(pageWorker, core.keys(), destinations),
                core.keys().names().cutKey());
    }

    /** A worker for the thread of the walk. */
    ChunkWorker pageWorker() {
        return pageWorker;
    }

    ReadErrors errors() {
        return errors;
    }

    BackupCounters counters() {
        return counters;
    }

    /** What the manifest says beside what this run knows. */
    record Statement(ConsistencyLevel consistency, SortedMap<String, String> evidence, List<PathBytes> paths) {}

    /**
     * Stores what is open, makes it findable, and commits.
     *
     * @param previous SHA-256 of the manifest before this one of the same source, empty where none is known
     */
    BackupResult commit(TreeBuilder.Root root, byte[] previous, ScanCacheWriter cache, Statement statement) {
        sink.checkpoint();
        Ticket holder = ticket.ticket();
        Snapshot.AuditAnchor audit = request.audit().get();
        byte[] namesSecret = ticket.secret(core.keys().names()).secret();
        SourceSigns counted = signs.counted(counters, root.sums());
        String dataClass = new RememberedClass(cacheFile()).with(request.policy(), parent.isPresent());
        SortedMap<String, String> evidence = counted.with(statement.evidence());
        if (!dataClass.isEmpty()) {
            evidence = new TreeMap<>(evidence);
            evidence.put(Snapshot.DATA_CLASS, dataClass);
        }
        var manifest = new Manifest(open(root, holder, previous), named(root, statement, evidence, audit));
        byte[] object = ManifestCodec.encode(
                manifest, core.keys(), namesSecret, core.context().entropy());
        request.follower().committing(holder.text());
        slots.commit(
                holder.text(), object, Destination.keeping("", request.policy().lockGeneration()));
        counters.storedBytes.add(2L * object.length);
        cache.commit(Crypto.sha256(object));
        BackupResult result = result(holder, counted);
        log.phase(
                "commit",
                Outcome.SUCCESS,
                result.took(),
                Facts.of("snapshot", holder.text())
                        .and("files", root.sums().files())
                        .and("bytes", root.sums().bytes())
                        .and("moved", counters.movedFiles.sum())
                        .and("dataClass", dataClass.isEmpty() ? "unknown" : dataClass));
        return result;
    }

    private Manifest.Open open(TreeBuilder.Root root, Ticket holder, byte[] previous) {
        byte[] encapsulation = ticket.secret(core.keys().names()).encapsulation();
        return new Manifest.Open(
                holder.id(),
                holder.writer(),
                started,
                core.context().time().now(),
                sourceToken,
                previous,
                root.reference(),
                encapsulation,
                root.sums(),
                request.policy().lockGeneration());
    }

    private Manifest.Named named(
            TreeBuilder.Root root,
            Statement statement,
            SortedMap<String, String> evidence,
            Snapshot.AuditAnchor audit) {
        return new Manifest.Named(
                root.page(),
                request.source(),
                core.context().host(),
                statement.paths(),
                request.tags(),
                parentId(),
                request.policy().digest(),
                request.tool(),
                statement.consistency(),
                evidence,
                errors.first(),
                errors.count(),
                audit.entries(),
                audit.root());
    }

    private String parentId() {
        return parent.map(header -> HexFormat.of().formatHex(header.snapshot())).orElse("");
    }

    private BackupResult result(Ticket holder, SourceSigns counted) {
        return new BackupResult(
                holder.text(),
                parentId(),
                new BackupResult.Files(
                        counters.newFiles.sum(),
                        counters.changedFiles.sum(),
                        counters.unmodifiedFiles.sum(),
                        counters.failedFiles.sum()),
                new BackupResult.Bytes(
                        counters.scannedBytes.sum(),
                        counters.readBytes.sum(),
                        counters.addedBytes.sum(),
                        counters.storedBytes.sum()),
                core.context().time().since(startedNanos),
                errors.first().stream()
                        .map(error -> new BackupResult.Problem(text(error.path()), error.code(), error.message()))
                        .toList(),
                errors.count(),
                counted);
    }

    private static String text(PathBytes path) {
        return PathBytes.of("/").resolve(path).toString();
    }

    @Override
    public void close() {
        pool.close();
        sink.close();
        pageWorker.close();
        Arrays.fill(hostKey, (byte) 0);
    }
}
