package org.medbackup.service;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.Outcome;
import org.medbackup.engine.LockResult;
import org.medbackup.scheduler.state.CataloguedPoint;
import org.medbackup.service.Operations.Ending;
import org.medbackup.service.config.Configuration;
import org.medbackup.service.config.TargetPlace;

/**
 * Says how the newest restore point of each job stands to the rule 3-2-1-1-0: by the catalogue which targets have it and how it
 * was verified there, by the configuration where these stand, and by the targets themselves what is locked. Used by one call.
 */
final class CopyRuleOperations {

    private final Operations operations;
    private final CatalogueOperations catalogue;
    private final LockOperations locks;
    private final Supplier<Configuration> configuration;

    CopyRuleOperations(
            Operations operations,
            CatalogueOperations catalogue,
            LockOperations locks,
            Supplier<Configuration> configuration) {
        this.operations = operations;
        this.catalogue = catalogue;
        this.locks = locks;
        this.configuration = configuration;
    }

    /** Of each job, in the order of their names; of one without a restore point with no places. */
    List<CopyRule> report(RepositoryAccess access) {
        List<CataloguedPoint> points = catalogue.list("").points();
        Configuration now = configuration.get();
        var targets = new JobTargets(access, now.targets());
        return operations.run(
                "copy-rule",
                Facts.NONE,
                log -> {
                    var rules = new ArrayList<CopyRule>();
                    for (String job : now.jobs().keySet()) {
                        rules.add(rule(job, points, now, targets));
                    }
                    return List.copyOf(rules);
                },
                rules -> {
                    long unmet = rules.stream().filter(each -> !each.isMet()).count();
                    Facts facts = Facts.of("jobs", rules.size()).and("unmet", unmet);
                    return unmet == 0 ? Ending.success(facts) : new Ending(Outcome.FINDING, null, facts);
                });
    }

    private CopyRule rule(String job, List<CataloguedPoint> points, Configuration now, JobTargets targets) {
        List<CataloguedPoint> ours = points.stream()
                .filter(each -> each.object().equals(job) && each.kind() != CataloguedPoint.Kind.LOG)
                .toList();
        Optional<CataloguedPoint> newest = ours.stream().max(Comparator.comparing(CataloguedPoint::point));
        if (newest.isEmpty()) {
            return new CopyRule(job, "", Instant.EPOCH, List.of());
        }
        String snapshot = newest.get().snapshot();
        Map<String, CataloguedPoint> there = ours.stream()
                .filter(each -> each.snapshot().equals(snapshot))
                .collect(Collectors.toMap(CataloguedPoint::target, Function.identity(), (one, other) -> one));
        List<CopyRule.Place> places = there.values().stream()
                .sorted(Comparator.comparing(CataloguedPoint::target))
                .map(each -> new CopyRule.Place(
                        each.target(),
                        place(each.target(), now, targets),
                        locked(targets.access(each.target()), snapshot),
                        each.proof()))
                .toList();
        return new CopyRule(job, snapshot, newest.get().point(), places);
    }

    private static TargetPlace place(String target, Configuration now, JobTargets targets) {
        return Objects.requireNonNullElseGet(now.places().get(target), () -> TargetPlace.of(targets.location(target)));
    }

    /** Until when all of it is locked; what cannot be asked is locked by nobody as far as anybody knows. */
    private Optional<Instant> locked(RepositoryAccess access, String snapshot) {
        try {
            if (!locks.areAt(access.location())) {
                return Optional.empty();
            }
            LockResult found =
                    locks.report(access, List.of(snapshot)).getFirst().locks();
            return found.isWhole() ? found.until() : Optional.empty();
        } catch (BackupException unknown) {
            return Optional.empty();
        }
    }
}
