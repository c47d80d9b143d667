package org.medbackup.engine.internal.collect;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.medbackup.engine.CollectRequest;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.commit.CollectionRecord;
import org.medbackup.engine.internal.commit.OpenTickets;
import org.medbackup.engine.internal.commit.Signers;
import org.medbackup.engine.internal.commit.Slots;
import org.medbackup.engine.internal.index.CondemnedPacks;
import org.medbackup.engine.internal.index.Index;
import org.medbackup.engine.internal.index.IndexMarks;
import org.medbackup.engine.internal.index.PackRecord;
import org.medbackup.engine.internal.index.SegmentBuilder;
import org.medbackup.engine.internal.log.Findings;

/**
 * What a collection can take away.
 *
 * @param garbage packs of which nothing is needed
 * @param rewriting packs that are worth being written anew without their garbage, or together with other small ones
 * @param adopted packs that no index segment names although they are needed
 * @param judge tells what is needed of a pack
 */
record Plan(List<PackRecord> garbage, List<PackRecord> rewriting, SegmentBuilder adopted, PackJudge judge) {

    /**
     * Makes a plan.
     *
     * @param survey of the packs, taken before
     * @param pulse called now and then
     * @param fence as in {@link Index#publish}; null where nothing may be changed
     */
    static Plan make(
            RepositoryCore core,
            CollectRequest request,
            PackSurvey survey,
            Findings findings,
            Signers signers,
            Runnable pulse,
            @Nullable Runnable fence) {
        // Tickets after packs: whose pack is listed, his ticket was there before.
        OpenTickets tickets = OpenTickets.read(core.store(), core.keys(), findings);
        Slots slots = core.slots(findings);
        Set<String> writing = new HashSet<>(tickets.writing(slots));
        // What they have sent is for those that try again.
        writing.addAll(request.ended());
        Index index = openIndex(core, findings, signers, fence);
        IndexMarks marks = NeededChunks.in(
                core, index, findings, slots, tickets.pins(core.context().time().now()), pulse);
        var judge = new PackJudge(core, index, marks, index.condemned(), Set.of());
        survey.sort(index, marks, judge, writing, findings);
        return new Plan(
                survey.garbage(),
                survey.worthRewriting(request, core.context().sizing().packLength()),
                survey.adopted(),
                judge);
    }

    /**
     * The index; one that had to be put together from the packs is stored first. Where a collector's list cannot be read,
     * his decision says which packs must not be named again.
     *
     * @param fence as in {@link Index#publish}; null where nothing may be changed
     */
    static Index openIndex(RepositoryCore core, Findings findings, Signers signers, @Nullable Runnable fence) {
        CondemnedPacks condemned = core.condemned(findings);
        if (condemned.hasUnreadableCollection()) {
            condemned = condemned.knowing(CollectionRecord.decided(core.store(), core.keys(), signers, findings));
        }
        Index index = core.openIndex(condemned, findings);
        if (index.isRepaired() && fence != null) {
            index.publish(new SegmentBuilder(), fence);
        }
        return index;
    }
}
