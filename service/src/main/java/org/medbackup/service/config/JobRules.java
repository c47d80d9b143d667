package org.medbackup.service.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.medbackup.documents.Yaml;
import org.medbackup.service.config.Finding.Severity;

/** What the schema cannot say of jobs: that what they name is there. */
final class JobRules {

    private static final List<String> SUBJECTS = List.of("paths", "application", "group");

    private final Yaml yaml;
    private final List<Finding> findings = new ArrayList<>();

    JobRules(Yaml yaml) {
        this.yaml = yaml;
    }

    List<Finding> check(Configuration configuration) {
        configuration.jobs().values().forEach(job -> job(job, configuration));
        return findings;
    }

    private void job(JobEntry job, Configuration configuration) {
        String at = Yaml.pointer("/jobs", job.name());
        long subjects = SUBJECTS.stream()
                .filter(each -> yaml.positions().containsKey(at + "/" + each))
                .count();
        if (subjects != 1) {
            findings.add(finding(
                    Severity.ERROR,
                    at,
                    subjects == 0 ? "it backs up nothing" : "it backs up more than one thing",
                    "Give it one of " + String.join(", ", SUBJECTS) + "."));
        }
        switch (job.subject()) {
            case JobEntry.Trees _ -> {}
            case JobEntry.OfApplication of ->
                named(
                        at + "/application",
                        "application",
                        of.name(),
                        configuration.applications().keySet());
            case JobEntry.OfGroup of ->
                named(at + "/group", "group", of.name(), configuration.groups().keySet());
        }
        for (int i = 0; i < job.copies().size(); i++) {
            named(
                    at + "/copies/" + i,
                    "target",
                    job.copies().get(i),
                    configuration.targets().keySet());
        }
        schedule(job, configuration, at);
        if (!job.spill().isEmpty()) {
            named(at + "/spill", "target", job.spill(), configuration.targets().keySet());
            if (!job.copies().contains(job.spill())) {
                findings.add(finding(
                        Severity.WARNING,
                        at + "/spill",
                        "it gets no copies, so it may not be the repository's when it is needed",
                        "Name it under copies too, or call `medbackup copy latest --to` it once."));
            }
        }
    }

    private void schedule(JobEntry job, Configuration configuration, String at) {
        ScheduleEntry schedule = job.schedule();
        for (int i = 0; i < schedule.after().size(); i++) {
            named(
                    at + "/schedule/after/" + i,
                    "job",
                    schedule.after().get(i),
                    configuration.jobs().keySet());
        }
        Set<String> windows = configuration.governor().windows().stream()
                .map(each -> each.window().name())
                .collect(Collectors.toSet());
        schedule.windows().forEach(each -> named(at + "/schedule/windows", "window", each, windows));
        schedule.blackouts().forEach(each -> named(at + "/schedule/blackouts", "window", each, windows));
        if (schedule.times() > 1) {
            findings.add(finding(
                    Severity.ERROR,
                    at + "/schedule",
                    "it has times of the day and a period",
                    "Give it one of at, every."));
        }
    }

    private void named(String pointer, String kind, String name, Collection<String> known) {
        if (!known.contains(name)) {
            findings.add(finding(
                    Severity.ERROR,
                    pointer,
                    "there is no " + kind + " " + name,
                    Keys.nearest(name, known)
                            .map(near -> "Did you mean " + near + "?")
                            .orElse("Name one of this file, under " + kind + "s.")));
        }
    }

    private Finding finding(Severity severity, String pointer, String message, String remedy) {
        return new Finding(severity, yaml.at(pointer).line(), Keys.dotted(pointer), message, remedy);
    }
}
