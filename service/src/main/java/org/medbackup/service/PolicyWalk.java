package org.medbackup.service;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.policy.CatalogueRow;
import org.medbackup.policy.Classification;
import org.medbackup.policy.Classifier;
import org.medbackup.policy.Decision;
import org.medbackup.policy.Explained;
import org.medbackup.policy.Policy;
import org.medbackup.policy.Simulation;
import org.medbackup.policy.SimulationResult;
import org.medbackup.policy.TraceTable;
import org.medbackup.service.PolicyReports.Group;
import org.medbackup.service.PolicyReports.Landed;
import org.medbackup.service.PolicyReports.Row;
import org.medbackup.service.PolicyReports.Simulated;
import org.medbackup.service.PolicyReports.Unread;
import org.medbackup.service.config.Configuration;
import org.medbackup.service.config.JobEntry;

/**
 * Goes through files and asks policies about them.
 *
 * @param now at which ages are taken
 */
record PolicyWalk(Instant now) {

    /** Files of one kind with one decision. */
    private record GroupKey(String kind, int trace) {}

    private static final class Sum {
        private long files;
        private long bytes;
    }

    Landed explain(PolicyInForce inForce, List<PathBytes> paths, int limit) {
        var rows = new ArrayList<Row>();
        var unread = new ArrayList<Unread>();
        var unreadable = new AtomicLong();
        var traces = new TraceTable();
        var sums = new HashMap<GroupKey, Sum>();
        Classifier classifier = Classifier.of(inForce.policy());
        var files = new SourceFiles(
                seen -> {
                    Classification found = classifier.classify(seen.facts(), seen.head());
                    Explained explained = inForce.policy().explain(seen.facts(), found, now);
                    if (rows.size() < limit) {
                        rows.add(new Row(seen.facts(), found, explained));
                    }
                    String kind = found.kind().name().toLowerCase(Locale.ROOT);
                    Sum sum = sums.computeIfAbsent(
                            new GroupKey(kind, traces.id(explained.decision())), first -> new Sum());
                    sum.files++;
                    sum.bytes += seen.facts().size();
                },
                each -> {
                    unreadable.incrementAndGet();
                    if (unread.size() < limit) {
                        unread.add(new Unread(each.path(), each.message()));
                    }
                });
        paths.forEach(each -> files.visit(each, SourceFiles.Limits.NONE));
        long count = sums.values().stream().mapToLong(each -> each.files).sum();
        return new Landed(inForce, count, rows, groups(sums, traces), unread, unreadable.get());
    }

    private static List<Group> groups(Map<GroupKey, Sum> sums, TraceTable traces) {
        return sums.entrySet().stream()
                .map(each -> {
                    Decision decision = traces.decision(each.getKey().trace());
                    return new Group(each.getKey().kind(), decision, each.getValue().files, each.getValue().bytes);
                })
                .sorted(Comparator.comparingLong(Group::bytes)
                        .thenComparingLong(Group::files)
                        .reversed()
                        .thenComparing(Group::kind))
                .toList();
    }

    Simulated simulate(
            PolicyInForce inForce,
            Policy candidate,
            @Nullable Path catalogue,
            List<PathBytes> paths,
            Configuration configuration) {
        var simulation = new Simulation(inForce.policy(), candidate, now);
        var unreadable = new AtomicLong();
        if (catalogue != null) {
            new CatalogueFile(catalogue, now).read(simulation::add);
        } else {
            // What the candidate takes for a patient's is looked at so under both: that is what is to become of it.
            Classifier classifier = Classifier.of(candidate);
            var files = new SourceFiles(
                    seen -> simulation.add(
                            new CatalogueRow(seen.facts(), classifier.classify(seen.facts(), seen.head()))),
                    each -> unreadable.incrementAndGet());
            paths.forEach(each -> files.visit(each, SourceFiles.Limits.NONE));
            if (paths.isEmpty()) {
                configuration.jobs().values().forEach(job -> job(job, files));
            }
        }
        SimulationResult result = simulation.result();
        if (result.files() == 0) {
            throw ErrorCode.USAGE.because(
                    "there are no files to simulate with: no job of the configuration has paths with files; name PATHs or"
                            + " --catalogue FILE");
        }
        return new Simulated(inForce, candidate, result, inForce.policy().weakenedBy(candidate), unreadable.get());
    }

    private static void job(JobEntry job, SourceFiles files) {
        if (job.subject() instanceof JobEntry.Trees trees) {
            var limits = SourceFiles.Limits.of(trees.exclusions(), trees.oneFileSystem());
            trees.paths().forEach(each -> files.visit(PathBytes.of(each), limits));
        }
    }
}
