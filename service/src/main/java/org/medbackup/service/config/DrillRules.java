package org.medbackup.service.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.medbackup.documents.Yaml;
import org.medbackup.recovery.plan.PlanFault;
import org.medbackup.recovery.plan.RecoveryPlan;
import org.medbackup.scheduler.Missed;
import org.medbackup.service.config.Finding.Severity;

/** What the schema cannot say of drills: that they have plans and times, and that their times suffice. */
final class DrillRules {

    /** What the schedule of a job may say and that of a drill may not. */
    private static final List<String> OF_JOBS = List.of("after", "jitter", "priority", "anyHost", "overrun");

    private final Yaml yaml;
    private final Instant now;
    private final List<Finding> findings = new ArrayList<>();

    DrillRules(Yaml yaml, Instant now) {
        this.yaml = yaml;
        this.now = now;
    }

    List<Finding> check(Configuration configuration) {
        configuration.drills().values().forEach(drill -> drill(drill, configuration));
        return findings;
    }

    private boolean has(String pointer) {
        return yaml.positions().containsKey(pointer);
    }

    private void drill(DrillEntry drill, Configuration configuration) {
        String at = Yaml.pointer("/drills", drill.name());
        if (has(at + "/plan") == has(at + "/plans")) {
            add(
                    Severity.ERROR,
                    at,
                    has(at + "/plan") ? "it has a plan and plans" : "it rehearses nothing",
                    "Give it one of plan, plans.");
        } else {
            plans(drill, at);
        }
        if (!drill.objective().isZero() && !drill.isChain()) {
            add(
                    Severity.ERROR,
                    at + "/objective",
                    "only several plans have an objective of their own",
                    "The objectives of one plan stand in the plan.");
        }
        for (String key : new String[] {"longest", "sample"}) {
            if (drill.isChain() && has(at + "/" + key)) {
                add(
                        Severity.ERROR,
                        at + "/" + key,
                        "several plans are carried out whole",
                        "Remove it, or give each plan a drill of its own.");
            }
        }
        if (has(at + "/sample") && drill.longest().isZero()) {
            add(
                    Severity.ERROR,
                    at + "/sample",
                    "nothing says what is too large",
                    "Give it longest: what takes longer is rehearsed by a sample.");
        }
        schedule(drill, configuration, at);
    }

    private void schedule(DrillEntry drill, Configuration configuration, String at) {
        String in = at + "/schedule";
        for (String key : OF_JOBS) {
            if (has(in + "/" + key)) {
                add(Severity.ERROR, in + "/" + key, "a drill has no " + key, "Remove it; it is one of jobs.");
            }
        }
        ScheduleEntry schedule = drill.schedule();
        if (schedule.missed() == Missed.WHEN_AT_RISK) {
            add(
                    Severity.ERROR,
                    in + "/missed",
                    "nothing of a drill is at risk before it is overdue",
                    "Give it one of once, skip.");
        }
        Set<String> windows = configuration.governor().windows().stream()
                .map(each -> each.window().name())
                .collect(Collectors.toSet());
        boolean open = isKnown(in + "/windows", schedule.windows(), windows);
        boolean known = isKnown(in + "/blackouts", schedule.blackouts(), windows) && open;
        if (schedule.at().isEmpty() == (schedule.every() == null)) {
            add(
                    Severity.ERROR,
                    in,
                    schedule.every() == null ? "nothing says when it begins" : "it has times of the day and a period",
                    "Give it one of at, every.");
        } else if (known) {
            cadence(drill, configuration, at);
        }
    }

    private boolean isKnown(String pointer, Set<String> named, Set<String> windows) {
        named.stream()
                .filter(each -> !windows.contains(each))
                .forEach(each -> add(
                        Severity.ERROR,
                        pointer,
                        "there is no window " + each,
                        Keys.nearest(each, windows)
                                .map(near -> "Did you mean " + near + "?")
                                .orElse("Name one of the governor's section.")));
        return windows.containsAll(named);
    }

    private void cadence(DrillEntry drill, Configuration configuration, String at) {
        Duration cadence = drill.cadence(configuration.governor(), now).orElse(Duration.ofDays(3_660));
        if (cadence.compareTo(drill.every()) > 0) {
            add(
                    Severity.WARNING,
                    at + "/schedule",
                    "from one time to the next it can be " + cadence.toDays() + " days, longer than `every`",
                    "Let it begin more often, or give it a longer every: applications will be overdue.");
        }
    }

    private void plans(DrillEntry drill, String at) {
        Map<String, Path> names = new HashMap<>();
        for (int i = 0; i < drill.plans().size(); i++) {
            String pointer = has(at + "/plan") ? at + "/plan" : at + "/plans/" + i;
            Path file = drill.plans().get(i);
            try {
                String text = Files.readString(file);
                List<PlanFault> faults = RecoveryPlan.check(text);
                if (!faults.isEmpty()) {
                    add(
                            Severity.WARNING,
                            pointer,
                            "the plan cannot be used: " + faults.getFirst().text(),
                            "Call `medbackup plan check` on it: it names all that is wrong.");
                } else if (names.put(RecoveryPlan.parse(text).name(), file) != null) {
                    add(
                            Severity.ERROR,
                            pointer,
                            "two plans have one name",
                            "Give each another name: what was rehearsed is known by it.");
                }
            } catch (IOException unreadable) {
                add(Severity.WARNING, pointer, "the plan cannot be read", "Put it there, or correct the path.");
            }
        }
    }

    private void add(Severity severity, String pointer, String message, String remedy) {
        findings.add(new Finding(severity, yaml.at(pointer).line(), Keys.dotted(pointer), message, remedy));
    }
}
