package org.medbackup.service;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.medbackup.scheduler.Claim;

/** A run that the scheduler's state holds for this worker. What it announces is the checkpoint of the run. */
final class ClaimedRun implements RunHold {

    /** So many announcements fit into a checkpoint. */
    private static final int MOST = 500;

    private final Claim claim;
    private final List<Announced> earlier;
    private final List<Announced> all;

    ClaimedRun(Claim claim) {
        this.claim = claim;
        this.earlier = claim.checkpoint().map(ClaimedRun::read).orElse(List.of());
        this.all = new ArrayList<>(earlier);
    }

    private static List<Announced> read(byte[] checkpoint) {
        return new String(checkpoint, StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.split("@", 2))
                .map(parts -> new Announced(parts[1], parts[0]))
                .toList();
    }

    @Override
    public List<Announced> earlier() {
        return earlier;
    }

    @Override
    public void begun(Announced backup) {
        all.add(backup);
        if (all.size() > MOST) {
            all.removeFirst();
        }
        var lines = new StringBuilder();
        all.forEach(each ->
                lines.append(each.ticket()).append('@').append(each.target()).append('\n'));
        claim.checkpoint(lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void committing() {
        claim.assertHeld();
    }

    @Override
    public void stored() {
        claim.publish();
    }
}
