package org.medbackup.service;

import org.jspecify.annotations.Nullable;
import org.medbackup.apps.FreezeWitness;
import org.medbackup.governor.Governor;

/**
 * While an application is frozen, the kernel does not hold this process to its processor time: production would wait for
 * that. Of one application; safe for use by several threads.
 */
final class UnhinderedFreeze implements FreezeWitness {

    private final Governor governor;
    private final FreezeWitness witness;
    private Governor.@Nullable Fencing lifted;

    UnhinderedFreeze(Governor governor, FreezeWitness witness) {
        this.governor = governor;
        this.witness = witness;
    }

    @Override
    public void freezing(Freeze freeze) {
        lift();
        try {
            witness.freezing(freeze);
        } catch (RuntimeException refused) {
            lower();
            throw refused;
        }
    }

    @Override
    public void thawed(Freeze freeze) {
        lower();
        witness.thawed(freeze);
    }

    private synchronized void lift() {
        if (lifted == null) {
            lifted = governor.liftFence();
        }
    }

    private synchronized void lower() {
        if (lifted != null) {
            lifted.close();
            lifted = null;
        }
    }

    @Override
    public boolean holds(Freeze freeze) {
        return witness.holds(freeze);
    }

    @Override
    public String thawedBy(Freeze freeze) {
        return witness.thawedBy(freeze);
    }
}
