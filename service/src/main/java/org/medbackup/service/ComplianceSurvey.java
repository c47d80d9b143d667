package org.medbackup.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.event.Outcome;
import org.medbackup.recovery.plan.RecoveryPlan;
import org.medbackup.service.Operations.Ending;
import org.medbackup.service.compliance.Survey;
import org.medbackup.service.config.Configuration;
import org.medbackup.service.config.DrillEntry;
import org.medbackup.service.config.GroupEntry;
import org.medbackup.service.config.JobEntry;
import org.medbackup.service.config.TargetPlace;

/** Looks at what is configured, and writes it into the trail without addresses, paths and options. */
final class ComplianceSurvey {

    /** Whose addresses name a service that others may keep. */
    private static final Set<String> SERVICES = Set.of("s3", "azure", "gs");

    private ComplianceSurvey() {}

    static Survey of(Configuration configuration) {
        List<Survey.Source> sources = new ArrayList<>();
        Set<String> covered = new HashSet<>();
        for (JobEntry job : configuration.jobs().values()) {
            sources.add(source(configuration, job, covered));
        }
        configuration.applications().keySet().stream()
                .filter(each -> !covered.contains(each))
                .map(each -> new Survey.Source(each, "unprotected", 0, false, "", false, 0, 0))
                .forEach(sources::add);
        List<Survey.Target> targets = new ArrayList<>();
        String repository = configuration.repository();
        if (repository != null) {
            targets.add(target(configuration, "", repository));
        }
        configuration.targets().forEach((name, location) -> targets.add(target(configuration, name, location)));
        List<Survey.Plan> plans = new ArrayList<>();
        for (DrillEntry drill : configuration.drills().values()) {
            drill.plans()
                    .forEach(file -> plans.add(new Survey.Plan(
                            drill.name(), digest(file), drill.every().toSeconds())));
        }
        return new Survey(sources, targets, plans);
    }

    private static Survey.Source source(Configuration configuration, JobEntry job, Set<String> covered) {
        String kind = switch (job.subject()) {
            case JobEntry.Trees _ -> "trees";
            case JobEntry.OfApplication application -> {
                covered.add(application.name());
                yield "application";
            }
            case JobEntry.OfGroup group -> {
                GroupEntry members = configuration.groups().get(group.name());
                if (members != null) {
                    covered.addAll(members.members());
                }
                yield "group";
            }
        };
        Duration rpo = job.schedule().rpo();
        long offSite = job.copies().stream()
                .filter(each -> place(configuration, each).isOffSite())
                .count();
        return new Survey.Source(
                job.name(),
                kind,
                rpo == null ? 0 : rpo.toSeconds(),
                job.schedule().times(configuration.governor()).isPresent(),
                job.verify() == null ? "" : job.verify().name().toLowerCase(java.util.Locale.ROOT),
                !job.keep().isEmpty(),
                job.copies().size(),
                (int) offSite);
    }

    private static TargetPlace place(Configuration configuration, String target) {
        TargetPlace stated = configuration.places().get(target);
        if (stated != null) {
            return stated;
        }
        String location = target.isEmpty()
                ? configuration.repository()
                : configuration.targets().get(target);
        return TargetPlace.of(location == null ? "" : location);
    }

    private static Survey.Target target(Configuration configuration, String name, String location) {
        TargetPlace place = place(configuration, name);
        int end = location.indexOf(':');
        String scheme = end < 0 ? "" : location.substring(0, end);
        return new Survey.Target(
                name,
                place.media(),
                SERVICES.contains(scheme) ? scheme : "",
                place.isOffSite(),
                location.contains("lock="));
    }

    private static String digest(Path plan) {
        try {
            return RecoveryPlan.parse(Files.readString(plan)).digest();
        } catch (IOException | BackupException unusable) {
            return "";
        }
    }

    /** Writes it into the trail. */
    static void record(Operations operations, Survey survey) {
        operations.run(
                Survey.ACTION,
                Facts.of("digest", survey.digest()),
                log -> {
                    survey.parts().forEach(each -> say(log, each));
                    return survey.parts();
                },
                (Collection<Survey.Part> parts) ->
                        Ending.success(Facts.of("digest", survey.digest()).and("parts", parts.size())));
    }

    private static void say(OperationLog log, Survey.Part part) {
        Facts facts = Facts.NONE;
        for (Map.Entry<String, String> each : part.facts().entrySet()) {
            facts = facts.and(each.getKey(), each.getValue());
        }
        log.phase(part.phase(), Outcome.SUCCESS, Duration.ZERO, facts);
    }
}
