package org.medbackup.service;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Processes;
import org.medbackup.linux.sandbox.NamespaceSandbox;
import org.medbackup.service.DrillResult.Network;

/** Where the programs of one drill run. Closing kills all that is in its sandbox. */
final class DrillIsolation implements AutoCloseable {

    private final Processes shared;
    private final @Nullable NamespaceSandbox apart;

    private DrillIsolation(Processes shared, @Nullable NamespaceSandbox apart) {
        this.shared = shared;
        this.apart = apart;
    }

    /** Without a sandbox: for drills that start nothing, or may use the network of this machine. */
    static DrillIsolation none(Processes outside, String drill) {
        return new DrillIsolation(new DrillProcesses(outside, drill), null);
    }

    /**
     * With a sandbox.
     *
     * @param shown folders that can be seen in it
     * @param mayShare whether the network of this machine will do where there can be no sandbox
     * @throws org.medbackup.core.error.FailedException with {@link ErrorCode#SANDBOX_UNAVAILABLE}
     */
    static DrillIsolation open(Processes outside, String drill, List<Path> shown, boolean mayShare) {
        Processes marked = new DrillProcesses(outside, drill);
        try {
            return new DrillIsolation(marked, NamespaceSandbox.open(marked, shown));
        } catch (BackupException refused) {
            if (refused.code() == ErrorCode.SANDBOX_UNAVAILABLE && mayShare) {
                return new DrillIsolation(marked, null);
            }
            throw refused;
        }
    }

    /** The process that holds the sandbox; 0 where there is none. */
    long holder() {
        return apart == null ? 0 : apart.holder();
    }

    /** In which network something is started. */
    Network network(boolean worksApart) {
        return apart != null && worksApart ? Network.PRIVATE : Network.SHARED;
    }

    /** What starts programs in a network; they carry the id of the drill. */
    Processes processes(Network network) {
        return apart != null && network == Network.PRIVATE ? apart : shared;
    }

    @Override
    public void close() {
        if (apart != null) {
            apart.close();
        }
    }
}
