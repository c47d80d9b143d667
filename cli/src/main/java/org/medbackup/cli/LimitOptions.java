package org.medbackup.cli;

import java.util.ArrayList;
import java.util.List;
import org.medbackup.governor.Limits;
import picocli.CommandLine.Option;

/** The option of commands whose use of the machine can be limited. */
final class LimitOptions {

    @Option(
            names = "--limit",
            paramLabel = "RESOURCE=LIMIT",
            description = "Uses no more than this: disk.read=40MB/s, disk.write, disk.read.iops=800, disk.write.iops,"
                    + " network.egress=20MB/s, network.ingress, cpu=0.5; of one disk"
                    + " disk.read./dev/sda=40MB/s.")
    List<String> limits = new ArrayList<>();

    Limits limits() {
        return Limits.parse(limits);
    }
}
