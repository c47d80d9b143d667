package org.medbackup.engine.internal.collect;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.engine.CollectRequest;
import org.medbackup.engine.CollectResult;
import org.medbackup.engine.KeyRole;
import org.medbackup.engine.VerifyResult;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.commit.CollectionRecord;
import org.medbackup.engine.internal.commit.OpenTickets;
import org.medbackup.engine.internal.commit.Signers;
import org.medbackup.engine.internal.commit.Slots;
import org.medbackup.engine.internal.commit.TicketHolder;
import org.medbackup.engine.internal.index.CondemnedPacks;
import org.medbackup.engine.internal.index.Index;
import org.medbackup.engine.internal.index.IndexMarks;
import org.medbackup.engine.internal.index.IndexRewrite;
import org.medbackup.engine.internal.index.IndexRoot;
import org.medbackup.engine.internal.index.PackRecord;
import org.medbackup.engine.internal.index.SegmentBuilder;
import org.medbackup.engine.internal.log.Findings;
import org.medbackup.engine.internal.pack.PackKind;
import org.medbackup.engine.internal.read.ChunkReader;

/**
 * One call of the collector. It takes packs away in an order that no writer can be caught by, however slow it is and
 * whenever it was suspended (ADR 0014):
 *
 * <ol>
 *   <li>find what no restore point needs, and copy the needed part of packs that are mostly garbage;
 *   <li>publish the list of packs that are to go: whoever begins from now on does not lean on them;
 *   <li>only then list the open tickets, and wait until each has committed; of one whose lease has ended, take the commit
 *       slot, so that it never will;
 *   <li>look again at what is needed, since those that had begun before may have leaned on the packs;
 *   <li>make an index root that does not name those that can go;
 *   <li>delete them, then the list.
 * </ol>
 *
 * Whatever one call leaves undone, another finishes. Used by one thread.
 */
public class Collector {

    /** A collector says something more often than that. */
    private static final Duration LEASE = Duration.ofHours(1);

    private static final Duration POLL = Duration.ofMillis(500);

    /** So many roots are read past for nothing; then they are tidied away even where there is no garbage. */
    private static final int MOST_ROOTS = 64;

    private final RepositoryCore core;
    private final ObjectStore store;
    private final CollectRequest request;
    private final OperationLog log;
    private final Findings findings;
    private final Signers signers;
    private final long started;
    private Set<String> ownPacks = Set.of();
    private boolean awaitedByUs;
    private long rewritten;
    private long written;
    private long deleted;
    private long freed;

    Collector(RepositoryCore core, CollectRequest request, OperationLog log) {
        this.core = core;
        this.store = core.store();
        this.request = request;
        this.log = log;
        this.findings = new Findings(log);
        this.signers = Signers.read(core.store(), core.keys(), findings);
        this.started = core.context().time().nanos();
    }

    /** Condemned packs that wait, and for which tickets. */
    private record Waiting(long packs, List<String> tickets) {

        static final Waiting NOTHING = new Waiting(0, List.of());
    }

    /**
     * Collects garbage.
     *
     * @throws org.medbackup.core.error.DamageException with {@link ErrorCode#COLLECTION_STOPPED} where what is needed
     *     cannot be read
     */
    public static CollectResult collect(RepositoryCore core, CollectRequest request, OperationLog log) {
        return new Collector(core, request, log).run();
    }

    CollectResult run() {
        core.keys().require(KeyRole.Right.COLLECT);
        if (request.dryRun()) {
            return preview();
        }
        var ticket = new TicketHolder(
                store, core.keys(), core.context().time(), core.context().entropy(), LEASE);
        try {
            return collect(ticket);
        } finally {
            ticket.withdraw();
        }
    }

    private CollectResult preview() {
        var survey = new PackSurvey(store);
        Plan plan = plan(survey, () -> {}, null);
        long before = survey.bytes();
        long gone = plan.garbage.stream().mapToLong(PackRecord::length).sum();
        // How long the rewritten packs will be is not known before; what is needed of them stays.
        return result(
                survey.packs() - plan.garbage.size(),
                plan.rewriting.size(),
                plan.garbage.size(),
                before,
                before - gone,
                Waiting.NOTHING);
    }

    private CollectResult collect(TicketHolder ticket) {
        var index = new IndexRewrite(
                store, core.keys(), core.context().entropy(), core.cacheFolder().resolve("index"), ticket::requireOpen);
        if (CondemnedPacks.lists(store).stream().anyMatch(CondemnedPacks::isCollection) || !index.isReadable()) {
            openIndex(ticket::requireOpen);
        }
        @Nullable PackSurvey begunWith = null;
        long gone = 0;
        long saved = 0;
        Waiting waiting = Waiting.NOTHING;
        long begun = 0;
        while (true) {
            Optional<Long> open = openCollection(index.newest());
            if (open.isPresent()) {
                waiting = finish(open.get(), index, ticket);
                if (!waiting.tickets.isEmpty() || open.get() == begun) {
                    break;
                }
            } else if (begun != 0) {
                break;
            } else {
                var survey = new PackSurvey(store);
                begunWith = survey;
                gone = deleted;
                saved = freed;
                begun = begin(survey, index, ticket);
                if (begun == 0) {
                    break;
                }
            }
        }
        new Tidying(core, findings).run(now(), index.newest().collection());
        if (begunWith == null) {
            var after = new PackSurvey(store);
            return result(after.packs(), rewritten, deleted, after.bytes() + freed, after.bytes(), waiting);
        }
        return result(
                begunWith.packs() + ownPacks.size() - (deleted - gone),
                rewritten,
                deleted,
                begunWith.bytes(),
                begunWith.bytes() + written - (freed - saved),
                waiting);
    }

    private CollectResult result(long kept, long rewriting, long gone, long before, long after, Waiting waiting) {
        return new CollectResult(
                new CollectResult.Packs(kept, rewriting, gone),
                new CollectResult.Bytes(before, after),
                waiting.packs,
                waiting.tickets,
                findings.all().entrySet().stream()
                        .map(found -> new VerifyResult.Damage(
                                found.getKey().text(),
                                found.getValue().name(),
                                found.getValue().title(),
                                List.of(),
                                List.of()))
                        .toList(),
                core.context().time().since(started));
    }

    private Optional<Long> openCollection(IndexRoot root) {
        return CondemnedPacks.lists(store).stream()
                .filter(list -> CondemnedPacks.isCollection(list) && !CondemnedPacks.isStray(list, root.collection()))
                .map(CondemnedPacks::collection)
                .findFirst();
    }

    /** What can go. */
    private record Plan(
            List<PackRecord> garbage, List<PackRecord> rewriting, SegmentBuilder adopted, PackJudge judge) {}

    private Plan plan(PackSurvey survey, Runnable pulse, @Nullable Runnable fence) {
        // Tickets after packs: whose pack is listed, his ticket was there before.
        OpenTickets tickets = OpenTickets.read(store, core.keys(), findings);
        Slots slots = core.slots(findings);
        Set<String> writing = new HashSet<>(tickets.writing(slots));
        Index index = openIndex(fence);
        IndexMarks marks = marks(index, slots, tickets.pins(now()), pulse);
        var judge = new PackJudge(core, index, marks, index.condemned(), Set.of());
        survey.sort(index, marks, judge, writing, findings);
        return new Plan(
                survey.garbage(),
                survey.worthRewriting(request, core.context().sizing().packLength()),
                survey.adopted(),
                judge);
    }

    private IndexMarks marks(Index index, Slots slots, Collection<ChunkId> pins, Runnable pulse) {
        try (var reader = new ChunkReader(core, index, findings, Throttle.Work.MAINTENANCE)) {
            return new NeededChunks(reader, pulse).mark(slots, pins);
        }
    }

    private Instant now() {
        return core.context().time().now();
    }

    /**
     * Condemns what can go.
     *
     * @return the number of the collection, 0 where there is nothing to collect
     */
    private long begin(PackSurvey survey, IndexRewrite index, TicketHolder ticket) {
        fenceLapsed(ticket.ticket().text());
        Plan plan = plan(survey, ticket::renew, ticket::requireOpen);
        if (!plan.adopted.isEmpty()) {
            index.add(plan.adopted);
        }
        var compaction = new Compaction(core, plan.judge, ticket.ticket().id(), ticket::renew);
        List<PackRecord> compacted = compaction.run(plan.rewriting, index);
        ownPacks = compaction.written();
        written = compaction.writtenBytes();
        rewritten = compacted.size();
        var condemned = new ArrayList<byte[]>();
        plan.garbage.forEach(pack -> condemned.add(pack.id()));
        compacted.forEach(pack -> condemned.add(pack.id()));
        boolean untidy = IndexRoot.names(store).size() > MOST_ROOTS || hasOrphans(ticket);
        if (condemned.isEmpty() && !untidy) {
            return 0;
        }
        log.phase(
                "condemn",
                Outcome.SUCCESS,
                core.context().time().since(started),
                Facts.of("packs", condemned.size()).and("rewritten", rewritten));
        return publish(condemned, index);
    }

    /** Whether a writer that is no more has left an index segment behind. */
    private boolean hasOrphans(TicketHolder ticket) {
        return new Tidying(core, findings).hasUnnamed(Tidying.segments(store)) && othersAreAtRest(ticket);
    }

    private boolean othersAreAtRest(TicketHolder ticket) {
        return openTickets().stream().allMatch(ticket.ticket().text()::equals);
    }

    /** Backups that have said nothing for longer than their lease: what they left behind is garbage then. */
    private void fenceLapsed(String own) {
        OpenTickets tickets = OpenTickets.read(store, core.keys(), findings);
        Slots slots = core.slots(findings);
        for (String id : tickets.writing(slots)) {
            boolean lapsed = tickets.find(id).map(held -> held.isOver(now())).orElse(false);
            if (lapsed && !id.equals(own)) {
                fence(id, slots);
            }
        }
    }

    /**
     * The index; one that had to be put together from the packs is stored first. Where a collector's list cannot be read,
     * his decision says which packs must not be named again.
     *
     * @param fence as in {@link Index#publish}; null where nothing may be changed
     */
    private Index openIndex(@Nullable Runnable fence) {
        CondemnedPacks condemned = core.condemned(findings);
        if (condemned.hasUnreadableCollection()) {
            condemned = condemned.knowing(CollectionRecord.decided(store, core.keys(), signers, findings));
        }
        Index index = core.openIndex(condemned, findings);
        if (index.isRepaired() && fence != null) {
            index.publish(new SegmentBuilder(), fence);
        }
        return index;
    }

    /** Puts the list; gives the number of the collection that is open now. */
    long publish(List<byte[]> condemned, IndexRewrite index) {
        long number = index.newest().collection() + 1;
        ObjectName name = CondemnedPacks.collectionName(number);
        byte[] list = CondemnedPacks.encode(
                condemned, name, core.keys(), core.context().entropy());
        boolean ours = store.putIfAbsent(name, ObjectContent.of(list)) == PutOutcome.CREATED;
        if (ours && index.newest().collection() >= number) {
            // Another collector has ended this collection, and its list was gone already when ours was put.
            store.delete(name);
            return 0;
        }
        return number;
    }

    /** Takes away what a list condemns, as far as it can be now. */
    private Waiting finish(long number, IndexRewrite index, TicketHolder ticket) {
        awaitedByUs = false;
        ObjectName name = CondemnedPacks.collectionName(number);
        IndexRoot root = index.newest();
        Optional<Set<String>> readable = root.collection() < number ? listed(name) : Optional.empty();
        if (root.collection() < number && readable.isEmpty()) {
            index.end(number);
            root = index.newest();
        } else if (readable.isPresent()) {
            Set<String> listed = readable.get();
            // Segments before tickets: whoever has put a segment had his ticket there before, and is waited for.
            List<ObjectName> segments = Tidying.segments(store);
            CollectionRecord awaited = awaited(number, root);
            boolean settledSince = awaitedByUs || othersAreAtRest(ticket);
            List<String> open = settle(awaited.ids(), ticket);
            if (!open.isEmpty()) {
                return new Waiting(listed.size(), open);
            }
            boolean ours = decide(number, listed, root, index, ticket);
            root = index.newest();
            new Tidying(core, findings).roots(awaited.root(), root, ours && settledSince ? segments : List.of());
        }
        if (root.collection() == number) {
            sweep(root);
        }
        CollectionRecord.names(store, number).forEach(store::delete);
        store.delete(name);
        return Waiting.NOTHING;
    }

    /** What a list says, empty where that is damaged: then nobody knows what to take away, and nothing is. */
    private Optional<Set<String>> listed(ObjectName name) {
        try {
            return Optional.of(CondemnedPacks.decode(store.readAll(name), name, core.keys()));
        } catch (DamageException damaged) {
            if (damaged.code() == ErrorCode.OBJECT_MISSING) {
                return Optional.of(Set.of());
            }
            findings.add(name, damaged);
            return Optional.empty();
        }
    }

    private CollectionRecord awaited(long number, IndexRoot root) {
        return CollectionRecord.find(store, core.keys(), signers, CollectionRecord.Kind.AWAITED, number, findings)
                .orElseGet(() -> {
                    awaitedByUs = true;
                    var record =
                            new CollectionRecord(CollectionRecord.Kind.AWAITED, number, root.number(), openTickets());
                    record.put(store, core.keys(), core.context().entropy());
                    return record;
                });
    }

    /** Tickets that may have been opened before the list was published. */
    List<String> openTickets() {
        return OpenTickets.read(store, core.keys(), findings).writing(core.slots(findings));
    }

    /** Waits for tickets; gives those that are still open when the patience has ended. */
    private List<String> settle(List<String> ids, TicketHolder ticket) {
        long begun = core.context().time().nanos();
        var open = new ArrayList<>(ids);
        open.remove(ticket.ticket().text());
        while (true) {
            OpenTickets tickets = OpenTickets.read(store, core.keys(), findings);
            Slots slots = core.slots(findings);
            open.removeIf(id -> isSettled(id, tickets, slots));
            if (open.isEmpty() || core.context().time().since(begun).compareTo(request.patience()) >= 0) {
                return open;
            }
            ticket.renew();
            core.context().time().sleep(POLL);
        }
    }

    private boolean isSettled(String id, OpenTickets tickets, Slots slots) {
        if (slots.isTaken(id)) {
            return true;
        }
        Optional<OpenTickets.Held> held = tickets.find(id);
        if (held.isEmpty()) {
            // Only a collector takes its ticket back before its slot holds something, and it has nothing to commit.
            return true;
        }
        if (held.get().isOver(now())) {
            fence(id, slots);
            return true;
        }
        return false;
    }

    /** Takes the slot of a ticket that has lapsed: whatever is in it then, its writer cannot commit any more. */
    void fence(String id, Slots slots) {
        slots.revoke(id, now(), core.context().entropy());
    }

    private boolean decide(long number, Set<String> listed, IndexRoot root, IndexRewrite index, TicketHolder ticket) {
        var dropped = new TreeSet<String>();
        var adopted = new SegmentBuilder();
        CondemnedPacks condemned = core.condemned(findings);
        if (!condemned.areCollected(listed)) {
            // The list was damaged after it was read, or has gone. Two packs on it could be taken for each other's
            // copies.
            index.end(number);
            return false;
        }
        Index current = core.openIndex(condemned, findings);
        PackJudge judge = secondLook(current, ticket::renew);
        for (PackRecord pack : records(listed, current)) {
            if (judge.canGo(pack) || store.length(pack.name()).isEmpty()) {
                dropped.add(HexFormat.of().formatHex(pack.id()));
            } else if (pack.entries() == 0) {
                judge.describe(pack).ifPresent(found -> PackSurvey.adopt(pack, found, adopted));
            }
            ticket.renew();
        }
        var decision =
                new CollectionRecord(CollectionRecord.Kind.DECISION, number, root.number(), List.copyOf(dropped));
        ObjectName name = decision.put(store, core.keys(), core.context().entropy());
        return index.drop(dropped, adopted, number, name);
    }

    /** What is needed now that all who could have leaned on the condemned packs have committed or never will. */
    PackJudge secondLook(Index current, Runnable pulse) {
        OpenTickets tickets = OpenTickets.read(store, core.keys(), findings);
        IndexMarks marks = marks(current, core.slots(findings), tickets.pins(now()), pulse);
        return new PackJudge(core, current, marks, current.condemned(), ownPacks);
    }

    /** The packs of a list; those that the index does not know have no entries. */
    private List<PackRecord> records(Set<String> listed, Index current) {
        var records = new ArrayList<PackRecord>();
        Set<String> unknown = new TreeSet<>(listed);
        current.eachPack(pack -> {
            if (unknown.remove(HexFormat.of().formatHex(pack.id()))) {
                records.add(pack);
            }
        });
        for (String id : unknown) {
            byte[] bytes = HexFormat.of().parseHex(id);
            for (PackKind kind : PackKind.values()) {
                store.length(kind.name(bytes))
                        .ifPresent(length -> records.add(new PackRecord(bytes, kind, 0, 0, length, new byte[16])));
            }
        }
        return records;
    }

    /** Deletes what the newest root has let go. */
    private void sweep(IndexRoot root) {
        if (!ObjectName.isName(root.decision())) {
            return;
        }
        CollectionRecord.read(
                        store,
                        core.keys(),
                        signers,
                        CollectionRecord.Kind.DECISION,
                        ObjectName.of(root.decision()),
                        findings)
                .ifPresent(decision -> decision.ids().forEach(this::delete));
    }

    private void delete(String pack) {
        byte[] id = HexFormat.of().parseHex(pack);
        for (PackKind kind : PackKind.values()) {
            ObjectName name = kind.name(id);
            store.length(name).ifPresent(length -> {
                if (store.delete(name)) {
                    deleted++;
                    freed += length;
                }
            });
        }
    }
}
