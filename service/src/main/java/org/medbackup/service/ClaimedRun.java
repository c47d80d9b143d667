package org.medbackup.service;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.scheduler.Claim;

/** A run that the scheduler's state holds for this worker. What it announces is the checkpoint of the run. */
final class ClaimedRun implements RunHold {

    private final Claim claim;
    private final TimeSource time;
    private final List<Announced> earlier;
    private final List<Announced> all;
    private final @Nullable PutOff before;

    ClaimedRun(Claim claim, TimeSource time) {
        this.claim = claim;
        this.time = time;
        RunCheckpoint left = claim.checkpoint().map(RunCheckpoint::read).orElse(RunCheckpoint.NOTHING);
        this.earlier = left.announced();
        this.all = new ArrayList<>(earlier);
        this.before = left.putOff();
    }

    @Override
    public Optional<PutOff> putOff() {
        return Optional.ofNullable(before);
    }

    @Override
    public void putOff(PutOff wait, Duration pause) {
        claim.checkpoint(new RunCheckpoint(all, wait).toBytes());
        claim.putOff(time.now().plus(pause));
        throw ErrorCode.RUN_PUT_OFF.because("it goes on in " + pause.toSeconds() + " s");
    }

    @Override
    public List<Announced> earlier() {
        return earlier;
    }

    @Override
    public void begun(Announced backup) {
        all.add(backup);
        claim.checkpoint(new RunCheckpoint(all, before).toBytes());
    }

    @Override
    public void settled(Announced backup) {
        all.remove(backup);
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
