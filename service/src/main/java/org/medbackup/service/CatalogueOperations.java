package org.medbackup.service;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.CancelledException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.store.CopyLedger;
import org.medbackup.engine.Repository;
import org.medbackup.engine.Snapshot;
import org.medbackup.scheduler.state.Catalogue;
import org.medbackup.scheduler.state.CataloguedPoint;
import org.medbackup.service.Operations.Ending;
import org.medbackup.service.config.Configuration;
import org.medbackup.service.config.JobEntry;

/**
 * The catalogue of restore points: which there are, at which target, of which job, and when each was last proven. It lies with
 * the state of the schedule, and answers without a key and without asking any target. Safe for use by several threads.
 */
public final class CatalogueOperations {

    /** A proof by a clock that was behind is found too. */
    private static final Duration CLOCKS_DIFFER = Duration.ofDays(1);

    /** The others of a group are there by then. */
    private static final Duration GROUP_IS_WHOLE = Duration.ofHours(1);

    private final Settings settings;
    private final Repositories repositories;
    private final Operations operations;
    private final CatalogueReports reports;
    private final WatchedSchedule schedule;
    private final Supplier<Configuration> configuration;

    CatalogueOperations(
            Settings settings,
            Repositories repositories,
            Operations operations,
            CatalogueReports reports,
            WatchedSchedule schedule,
            Supplier<Configuration> configuration) {
        this.settings = settings;
        this.repositories = repositories;
        this.operations = operations;
        this.reports = reports;
        this.schedule = schedule;
        this.configuration = configuration;
    }

    /**
     * What the catalogue says.
     *
     * @param points of all targets, the newest first
     * @param read when each target was last read to its end, by name; the repository itself is the empty name
     */
    public record Listed(List<CataloguedPoint> points, Map<String, Instant> read) {

        public Listed {
            points = List.copyOf(points);
            read = Map.copyOf(read);
        }
    }

    /**
     * What came of reading a target.
     *
     * @param target name; the repository itself is the empty name
     * @param change what the catalogue has learnt; null where it could not be read
     * @param lost ids of restore points that are gone although nobody gave them up
     * @param failure why it could not be read; null where it was
     */
    public record Rebuilt(
            String target,
            Catalogue.@Nullable Change change,
            Set<String> lost,
            @Nullable BackupException failure) {

        public Rebuilt {
            lost = Set.copyOf(lost);
        }

        /** One that was read. */
        Rebuilt(String target, Catalogue.Change change, Set<String> lost) {
            this(target, change, lost, null);
        }

        /** One that could not be read. */
        Rebuilt(String target, BackupException failure) {
            this(target, null, Set.of(), failure);
        }
    }

    /**
     * What is known, of one job or of all.
     *
     * @param job name; empty for all restore points, also those of no job
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#JOB_NOT_CONFIGURED}
     */
    public Listed list(String job) {
        if (!job.isEmpty() && !configuration.get().jobs().containsKey(job)) {
            throw ErrorCode.JOB_NOT_CONFIGURED
                    .because("the configuration has none")
                    .about(job);
        }
        return operations.run(
                "catalogue-list",
                Facts.NONE,
                log -> schedule.on(scheduler -> {
                    Catalogue catalogue = scheduler.catalogue();
                    return new Listed(job.isEmpty() ? catalogue.points() : catalogue.points(job), catalogue.readings());
                }),
                found -> Ending.success(Facts.of("points", found.points().size())));
    }

    /** When restore points were last rehearsed in drills, by their ids. */
    Map<String, Instant> rehearsed() {
        return schedule.on(scheduler -> scheduler.drills().tested());
    }

    /**
     * Reads the repository and all targets anew, whatever the catalogue says of them, and forgets targets that are not
     * configured any more. One that cannot be read keeps what was known of it.
     *
     * @param access to the repository, with a key that reads; the same credential opens the targets
     */
    public List<Rebuilt> rebuild(RepositoryAccess access) {
        return operations.run(
                "catalogue-rebuild",
                Facts.NONE,
                log -> schedule.on(scheduler -> {
                    Catalogue catalogue = scheduler.catalogue();
                    Set<String> targets = targets();
                    catalogue.keepOnly(targets);
                    var rebuilt = new ArrayList<Rebuilt>();
                    for (String target : targets) {
                        rebuilt.add(rebuilt(catalogue, access, target));
                    }
                    return List.copyOf(rebuilt);
                }),
                done -> {
                    long failed =
                            done.stream().filter(each -> each.failure() != null).count();
                    Facts facts = Facts.of("targets", done.size()).and("failed", failed);
                    return failed == 0 ? Ending.success(facts) : new Ending(Outcome.INCOMPLETE, null, facts);
                });
    }

    /** Restore points by their ids, in the order of the first of each: one may lie at several targets. */
    public static SequencedMap<String, List<CataloguedPoint>> bySnapshot(List<CataloguedPoint> points) {
        SequencedMap<String, List<CataloguedPoint>> all = new LinkedHashMap<>();
        points.forEach(each ->
                all.computeIfAbsent(each.snapshot(), id -> new ArrayList<>()).add(each));
        return all;
    }

    /** The repository and all targets of the configuration, by name. */
    Set<String> targets() {
        Set<String> targets = new TreeSet<>(configuration.get().targets().keySet());
        targets.add(CopyLedger.REPOSITORY);
        return targets;
    }

    /** Where a job writes. */
    Set<String> targets(String job) {
        Set<String> targets = new TreeSet<>(Set.of(CopyLedger.REPOSITORY));
        JobEntry entry = configuration.get().jobs().get(job);
        if (entry != null) {
            targets.addAll(entry.copies());
            if (!entry.spill().isEmpty()) {
                targets.add(entry.spill());
            }
        }
        return targets;
    }

    /**
     * Reads what a job has just written, for whoever runs jobs without a daemon. What cannot be read, or may not with this
     * credential, is found and fails nothing: whoever reads next finds it there.
     */
    void follow(JobTargets targets, Set<String> places, OperationLog log) {
        try {
            schedule.on(scheduler -> {
                places.forEach(each -> read(scheduler.catalogue(), targets.repository(), each, false));
                return true;
            });
        } catch (CancelledException ended) {
            throw ended;
        } catch (BackupException failed) {
            if (failed.code() != ErrorCode.KEY_ROLE_INSUFFICIENT) {
                log.found(failed.code(), Facts.of("stage", "catalogue"));
            }
        }
    }

    private Rebuilt rebuilt(Catalogue catalogue, RepositoryAccess access, String target) {
        try {
            return read(catalogue, access, target, true);
        } catch (BackupException failed) {
            return new Rebuilt(target, failed);
        }
    }

    /**
     * Reads one target.
     *
     * @param access to the repository
     * @param whole whether also what is known is read again
     */
    Rebuilt read(Catalogue catalogue, RepositoryAccess access, String target, boolean whole) {
        Configuration now = configuration.get();
        Rebuilt read = repositories.on(
                new JobTargets(access, now.targets()).access(target),
                "catalogue-read",
                Facts.of("target", CopyLedger.shown(target)),
                (repository, log) -> {
                    Catalogue.Reading known = catalogue.begin(target);
                    Catalogue.Reading reading = whole ? known.whole() : known;
                    Catalogue.Change change =
                            catalogue.end(reading, found(repository, now, reading, log), view(now, target));
                    return new Rebuilt(target, change, repository.unexplained(change.gone(), log));
                },
                CatalogueOperations::ending);
        reports.report(target, read.lost().size());
        return read;
    }

    private static Ending ending(Rebuilt read) {
        Catalogue.Change change = Objects.requireNonNull(read.change(), "it was read");
        Facts facts = Facts.of("points", change.points())
                .and("added", change.added())
                .and("gone", change.gone().size());
        return read.lost().isEmpty()
                ? Ending.success(facts)
                : new Ending(
                        Outcome.FINDING,
                        ErrorCode.SNAPSHOT_MISSING,
                        facts.and("lost", String.join(",", new TreeSet<>(read.lost()))));
    }

    /**
     * Where hosts do not share their schedule, each has jobs of its own under names that another may use too. Where they do,
     * a target that is a folder may still be another one on each host.
     */
    private Catalogue.View view(Configuration now, String target) {
        String host = settings.actor().host();
        boolean shared = !now.service().database().isEmpty();
        String location = target.isEmpty() ? now.repository() : now.targets().get(target);
        boolean folder = location == null || Stores.folder(location).isPresent();
        return new Catalogue.View() {
            @Override
            public boolean counts(CataloguedPoint point) {
                return shared || point.host().equals(host);
            }

            @Override
            public boolean sees(CataloguedPoint point) {
                return !shared || !folder || point.host().equals(host);
            }
        };
    }

    private Catalogue.Found found(
            Repository repository, Configuration now, Catalogue.Reading reading, OperationLog log) {
        Repository.Listed listed = repository.snapshotsBeyond(reading.known(), log);
        Map<String, Integer> members = new HashMap<>();
        listed.unknown().forEach(each -> members.merge(group(each), 1, Integer::sum));
        var points = new ArrayList<CataloguedPoint>();
        for (Snapshot each : listed.unknown()) {
            boolean alone = members.getOrDefault(group(each), 0) < size(each);
            boolean fresh =
                    each.time().plus(GROUP_IS_WHOLE).isAfter(settings.time().now());
            if (!(alone && fresh)) {
                points.add(new CataloguedPoint(
                        reading.target(), each.id(), job(now, each), each.host(), each.started(), kind(each, alone)));
            }
        }
        Instant since = reading.proven().minus(reading.proven().equals(Instant.EPOCH) ? Duration.ZERO : CLOCKS_DIFFER);
        Map<String, CataloguedPoint.Proof> proofs = new HashMap<>();
        repository
                .verified(since, log)
                .forEach((id, proof) -> proofs.put(
                        id,
                        new CataloguedPoint.Proof(proof.time(), proof.level().name(), proof.whole())));
        return new Catalogue.Found(listed.ids(), points, proofs);
    }

    private static CataloguedPoint.Kind kind(Snapshot point, boolean alone) {
        if (point.holdsLog()) {
            return CataloguedPoint.Kind.LOG;
        }
        return point.errors() > 0 || alone ? CataloguedPoint.Kind.INCOMPLETE : CataloguedPoint.Kind.COMPLETE;
    }

    private static String group(Snapshot point) {
        return point.evidence().getOrDefault(ApplicationBackups.GROUP_RUN, "");
    }

    /** How many restore points its group has; 1 for one of no group. */
    private static int size(Snapshot point) {
        return point.evidence()
                .getOrDefault(ApplicationBackups.GROUP_MEMBERS, "")
                .split(",")
                .length;
    }

    /** The job that made it: it says so itself, or bears the name of one, as before jobs were written down. */
    private static String job(Configuration now, Snapshot point) {
        String tagged = point.tags().getOrDefault(JobContext.TAG, "");
        if (now.jobs().containsKey(tagged)) {
            return tagged;
        }
        JobEntry named = now.jobs().get(point.source());
        return named != null && named.subject() instanceof JobEntry.Trees ? named.name() : "";
    }
}
