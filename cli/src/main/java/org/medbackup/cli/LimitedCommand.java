package org.medbackup.cli;

import java.util.ArrayList;
import java.util.List;
import org.medbackup.governor.Limits;
import picocli.CommandLine.Option;

/** A command whose use of the machine can be limited, when it is called and while it runs. */
abstract class LimitedCommand extends GovernedCommand {

    @Option(
            names = "--limit",
            paramLabel = "RESOURCE=LIMIT",
            description = "Uses no more than this: disk.read=40MB/s, disk.write, disk.read.iops=800, disk.write.iops,"
                    + " disk.read.concurrency=2, disk.write.concurrency, network.egress=20MB/s,"
                    + " network.ingress, cpu=0.5, memory=300MiB; of one disk"
                    + " disk.read./dev/sda=40MB/s.")
    List<String> limits = new ArrayList<>();

    @Override
    final Limits ownLimits() {
        return Limits.parse(limits);
    }

    @Override
    final boolean hasControl() {
        return true;
    }
}
