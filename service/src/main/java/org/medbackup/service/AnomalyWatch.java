package org.medbackup.service;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.medbackup.anomaly.Judge;
import org.medbackup.anomaly.Sign;
import org.medbackup.anomaly.Verdict;
import org.medbackup.core.PathBytes;
import org.medbackup.core.content.SourceSigns;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.place.PlacementPolicy;
import org.medbackup.engine.BackupRequest;
import org.medbackup.engine.BackupResult;
import org.medbackup.engine.ForgetResult;
import org.medbackup.engine.Repository;
import org.medbackup.engine.RepositorySuspicions.Subject;
import org.medbackup.engine.Snapshot;
import org.medbackup.engine.Suspicion;
import org.medbackup.service.AnomalyHistory.Run;
import org.medbackup.service.AnomalyHistory.Standing;
import org.medbackup.service.config.AnomalyEntry;

/**
 * Judges each backup once it is committed. Whatever goes wrong here is a finding: the backup ends as it would have. Safe for use
 * by several threads.
 */
final class AnomalyWatch {

    private final Settings settings;
    private final AnomalyHistory history;
    private final AnomalyReports reports;
    private final Function<Repository, ? extends PlacementPolicy> policy;
    private final Supplier<AnomalyEntry> entry;

    AnomalyWatch(
            Settings settings,
            AnomalyHistory history,
            AnomalyReports reports,
            Function<Repository, ? extends PlacementPolicy> policy,
            Supplier<AnomalyEntry> entry) {
        this.settings = settings;
        this.history = history;
        this.reports = reports;
        this.policy = policy;
        this.entry = entry;
    }

    /** A request that measures what the configuration asks for. */
    BackupRequest watched(BackupRequest request) {
        AnomalyEntry now = entry.get();
        return request.watching(new BackupRequest.Watched(
                now.canaries().stream().map(PathBytes::of).collect(Collectors.toSet()), now.encrypted()));
    }

    /** Judges a backup of a source, and gives the backup back. */
    synchronized BackupResult judged(Repository repository, BackupResult done, String source, OperationLog log) {
        if (entry.get().detects()) {
            try {
                judge(repository, done, source, log);
            } catch (RuntimeException failed) {
                log.found(ErrorCode.ANOMALY_NOT_JUDGED, Facts.of("snapshot", done.snapshot()));
            }
        }
        return done;
    }

    private void judge(Repository repository, BackupResult done, String source, OperationLog log) {
        long began = settings.time().nanos();
        List<Run> runs = new ArrayList<>(history.read(repository.id(), source)
                .orElseGet(() -> fromManifests(repository, done.snapshot(), source, log)));
        SourceSigns signs = done.signs();
        Verdict verdict = Judge.judge(signs, AnomalyHistory.past(runs));
        runs.add(new Run(done.snapshot(), verdict.alarm() ? Standing.SUSPECT : Standing.CLEAN, signs));
        if (verdict.alarm()) {
            String clean = runs.reversed().stream()
                    .filter(each -> each.standing() != Standing.SUSPECT)
                    .map(Run::snapshot)
                    .findFirst()
                    .orElse("");
            suspect(repository, done, source, verdict, clean, log);
        }
        history.write(repository.id(), source, runs);
        log.phase(
                "signs-judged",
                Outcome.SUCCESS,
                settings.time().since(began),
                Facts.of("snapshot", done.snapshot()).and("suspect", verdict.alarm()));
    }

    private void suspect(
            Repository repository, BackupResult done, String source, Verdict verdict, String clean, OperationLog log) {
        List<String> codes = verdict.signs().stream().map(Sign::name).toList();
        String host = settings.actor().host();
        SourceSigns signs = done.signs();
        log.found(
                ErrorCode.RANSOMWARE_SUSPECTED,
                Facts.of("snapshot", done.snapshot())
                        .and("signs", String.join(",", codes))
                        .and("swept", signs.swept())
                        .and("random", signs.random())
                        .and("canaries", signs.canaries())
                        .and("clean", clean));
        try {
            repository
                    .suspicions()
                    .suspect(
                            new Subject(done.snapshot(), source, host),
                            codes,
                            settings.tool(),
                            clean,
                            policy.apply(repository));
        } finally {
            // Also where its source cannot be frozen somebody is told.
            reports.suspected(done.snapshot(), clean);
        }
    }

    /** What the manifests say, where this host has lost its own record; a writer's key reads none. */
    private List<Run> fromManifests(Repository repository, String but, String source, OperationLog log) {
        if (!repository.reads()) {
            return List.of();
        }
        Set<String> suspect = repository.suspicions().standing().stream()
                .map(Suspicion::snapshot)
                .collect(Collectors.toSet());
        Set<String> cleared = repository.suspicions().cleared();
        List<Run> runs = new ArrayList<>();
        for (Snapshot each : repository.snapshots(log)) {
            Optional<SourceSigns> signs = each.signs();
            boolean ours = each.source().equals(source)
                    && each.host().equals(settings.actor().host())
                    && !each.id().equals(but)
                    && !each.time().isAfter(settings.time().now());
            if (ours && signs.isPresent()) {
                Standing standing = suspect.contains(each.id())
                        ? Standing.SUSPECT
                        : cleared.contains(each.id()) ? Standing.CLEARED : Standing.CLEAN;
                runs.add(new Run(each.id(), standing, signs.get()));
            }
        }
        return runs;
    }

    /** A person has cleared a restore point. */
    synchronized void cleared(Repository repository, Suspicion suspicion) {
        history.read(repository.id(), suspicion.source()).ifPresent(runs -> {
            var now = new ArrayList<Run>();
            for (Run each : runs) {
                boolean itself = each.snapshot().equals(suspicion.snapshot());
                now.add(itself ? new Run(each.snapshot(), Standing.CLEARED, each.signs()) : each);
            }
            history.write(repository.id(), suspicion.source(), now);
        });
        reports.cleared(suspicion.snapshot());
    }

    /** Tells of restore points from the future that were met. */
    ForgetResult told(ForgetResult result, OperationLog log) {
        Set<String> ids = new HashSet<>();
        result.refused().stream().filter(ForgetResult.Refused::quarantined).forEach(each -> ids.add(each.id()));
        if (!ids.isEmpty()) {
            log.found(
                    ErrorCode.SNAPSHOT_FROM_FUTURE,
                    Facts.of("snapshots", ids.stream().sorted().collect(Collectors.joining(","))));
            reports.future(ids.size());
        }
        return result;
    }
}
