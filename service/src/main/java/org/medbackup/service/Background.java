package org.medbackup.service;

import java.util.Optional;
import java.util.function.Supplier;
import org.medbackup.governor.Limits;
import org.medbackup.governor.ProcessorFence;
import org.medbackup.linux.ProcessorQuota;
import org.medbackup.linux.Scheduling;

/** For a program that does nothing but background work. */
public final class Background {

    private Background() {}

    /**
     * Makes this process give way to others for a processor, beyond what the engine's threads do by themselves, where it leads
     * its session, as one does that a timer has started.
     *
     * @return whether it was done; where not, nothing is lost but that
     */
    public static boolean begin() {
        return Scheduling.backgroundSession();
    }

    /**
     * Lets the kernel keep this process, and the programs that it starts, to its limit of processor time: a control group of
     * its own, where it may make one. For {@link Settings#fencedBy}, by a program that is nothing but MedBackup.
     *
     * @param yields whether others go first where processors are scarce
     */
    public static Supplier<Optional<? extends ProcessorFence>> fence(boolean yields) {
        return () -> ProcessorQuota.of(ProcessHandle.current().pid()).map(quota -> {
            quota.background(yields);
            return new KernelFence(quota, yields);
        });
    }

    private record KernelFence(ProcessorQuota quota, boolean yields) implements ProcessorFence {

        @Override
        public void limit(long nanos) {
            // What the kernel refuses, the governor keeps alone.
            quota.limit(nanos == Limits.NONE ? ProcessorQuota.NONE : nanos);
        }

        @Override
        public void background(boolean background) {
            quota.background(background && yields);
        }

        @Override
        public void close() {
            quota.close();
        }
    }
}
