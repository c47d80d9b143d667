package org.medbackup.engine.internal.collect;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
import org.medbackup.engine.CollectRequest;
import org.medbackup.engine.CollectResult;
import org.medbackup.engine.KeyRole;
import org.medbackup.engine.VerifyResult;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.commit.CollectionRecord;
import org.medbackup.engine.internal.commit.Signers;
import org.medbackup.engine.internal.commit.TicketHolder;
import org.medbackup.engine.internal.index.CondemnedPacks;
import org.medbackup.engine.internal.index.IndexRewrite;
import org.medbackup.engine.internal.index.IndexRoot;
import org.medbackup.engine.internal.index.PackRecord;
import org.medbackup.engine.internal.log.Findings;

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
    private long rewritten;
    private long written;

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

    /** What waits for the others. */
    Settlement settlement(RepositoryCore repository, Findings found, TicketHolder ticket) {
        return new Settlement(repository, found, ticket);
    }

    /** What takes away. */
    Removal removal(RepositoryCore repository, Findings found, Signers believed, Runnable pulse) {
        return new Removal(repository, found, believed, pulse);
    }

    private CollectResult preview() {
        var survey = new PackSurvey(store);
        Plan plan = Plan.make(core, request, survey, findings, signers, () -> {}, null);
        long before = survey.bytes();
        long gone = plan.garbage().stream().mapToLong(PackRecord::length).sum();
        // How long the rewritten packs will be is not known before; what is needed of them stays.
        return result(
                survey.packs() - plan.garbage().size(),
                plan.rewriting().size(),
                plan.garbage().size(),
                survey.locked(),
                before,
                before - gone,
                Waiting.NOTHING);
    }

    private CollectResult collect(TicketHolder ticket) {
        var index = new IndexRewrite(
                store, core.keys(), core.context().entropy(), core.cacheFolder().resolve("index"), ticket::requireOpen);
        if (CondemnedPacks.lists(store).stream().anyMatch(CondemnedPacks::isCollection) || !index.isReadable()) {
            Plan.openIndex(core, findings, signers, ticket::requireOpen);
        }
        Settlement settlement = settlement(core, findings, ticket);
        Removal removal = removal(core, findings, signers, ticket::renew);
        @Nullable PackSurvey begunWith = null;
        long gone = 0;
        long saved = 0;
        Waiting waiting = Waiting.NOTHING;
        long begun = 0;
        while (true) {
            Optional<Long> open = openCollection(index.newest());
            if (open.isPresent()) {
                waiting = finish(open.get(), index, settlement, removal);
                if (!waiting.tickets.isEmpty() || open.get() == begun) {
                    break;
                }
            } else if (begun != 0) {
                break;
            } else {
                var survey = new PackSurvey(store);
                begunWith = survey;
                gone = removal.deleted();
                saved = removal.freed();
                begun = begin(survey, index, ticket, settlement);
                if (begun == 0) {
                    break;
                }
            }
        }
        new Tidying(core, findings)
                .run(core.context().time().now(), index.newest().collection());
        if (begunWith == null) {
            var after = new PackSurvey(store);
            return result(
                    after.packs(),
                    rewritten,
                    removal.deleted(),
                    0,
                    after.bytes() + removal.freed(),
                    after.bytes(),
                    waiting);
        }
        return result(
                begunWith.packs() + ownPacks.size() - (removal.deleted() - gone),
                rewritten,
                removal.deleted(),
                begunWith.locked(),
                begunWith.bytes(),
                begunWith.bytes() + written - (removal.freed() - saved),
                waiting);
    }

    private CollectResult result(
            long kept, long rewriting, long gone, long locked, long before, long after, Waiting waiting) {
        return new CollectResult(
                new CollectResult.Packs(kept, rewriting, gone, locked),
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

    /**
     * Condemns what can go.
     *
     * @return the number of the collection, 0 where there is nothing to collect
     */
    private long begin(PackSurvey survey, IndexRewrite index, TicketHolder ticket, Settlement settlement) {
        settlement.fenceLapsed();
        Plan plan = Plan.make(core, request, survey, findings, signers, ticket::renew, ticket::requireOpen);
        if (!plan.adopted().isEmpty()) {
            index.add(plan.adopted());
        }
        var compaction = new Compaction(
                core, plan.judge(), core.placements(findings), ticket.ticket().id(), ticket::renew);
        List<PackRecord> compacted = compaction.run(plan.rewriting(), index);
        ownPacks = compaction.written();
        written = compaction.writtenBytes();
        rewritten = compacted.size();
        var condemned = new ArrayList<byte[]>();
        plan.garbage().forEach(pack -> condemned.add(pack.id()));
        compacted.forEach(pack -> condemned.add(pack.id()));
        boolean untidy = IndexRoot.names(store).size() > MOST_ROOTS || hasOrphans(settlement);
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
    private boolean hasOrphans(Settlement settlement) {
        return new Tidying(core, findings).hasUnnamed(Tidying.segments(store)) && settlement.othersAreAtRest();
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
    private Waiting finish(long number, IndexRewrite index, Settlement settlement, Removal removal) {
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
            Optional<CollectionRecord> known =
                    CollectionRecord.find(store, core.keys(), signers, CollectionRecord.Kind.AWAITED, number, findings);
            CollectionRecord awaited = known.isPresent() ? known.get() : await(number, root, settlement);
            boolean settledSince = known.isEmpty() || settlement.othersAreAtRest();
            List<String> open = settlement.settle(awaited.ids(), request.patience(), request.ended());
            if (!open.isEmpty()) {
                return new Waiting(listed.size(), open);
            }
            boolean ours = removal.decide(number, listed, ownPacks, root, index);
            root = index.newest();
            new Tidying(core, findings).roots(awaited.root(), root, ours && settledSince ? segments : List.of());
        }
        if (root.collection() == number) {
            removal.sweep(root);
        }
        CollectionRecord.names(store, number).forEach(store::delete);
        store.delete(name);
        return Waiting.NOTHING;
    }

    private CollectionRecord await(long number, IndexRoot root, Settlement settlement) {
        var record =
                new CollectionRecord(CollectionRecord.Kind.AWAITED, number, root.number(), settlement.openTickets());
        record.put(store, core.keys(), core.context().entropy());
        return record;
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
}
