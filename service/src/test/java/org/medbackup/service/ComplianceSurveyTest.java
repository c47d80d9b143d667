package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.medbackup.engine.RetentionRules;
import org.medbackup.engine.VerifyLevel;
import org.medbackup.recovery.rotation.PointRule;
import org.medbackup.service.compliance.Survey;
import org.medbackup.service.config.ApplicationEntry;
import org.medbackup.service.config.Configuration;
import org.medbackup.service.config.DrillEntry;
import org.medbackup.service.config.GroupEntry;
import org.medbackup.service.config.JobEntry;
import org.medbackup.service.config.ScheduleEntry;
import org.medbackup.service.config.TargetPlace;

/** What a report knows of a configuration. */
class ComplianceSurveyTest {

    private static ApplicationEntry application(String name) {
        return new ApplicationEntry(
                name,
                URI.create("postgresql://canary/" + name),
                new TreeMap<>(),
                new TreeMap<>(),
                false,
                Duration.ofSeconds(20),
                Duration.ofSeconds(30),
                Map.of());
    }

    private static JobEntry job(String name, JobEntry.Subject subject, List<String> copies) {
        return new JobEntry(name, subject, VerifyLevel.CONTENT, RetentionRules.NONE, copies, "", JobEntry.RETRY_FOR);
    }

    static Configuration configuration() {
        Configuration none = Configuration.none();
        var applications = new TreeMap<String, ApplicationEntry>();
        List.of("ehr", "lab", "pacs", "portal").forEach(each -> applications.put(each, application(each)));
        var jobs = new TreeMap<String, JobEntry>();
        List.of(
                        job("ehr-job", new JobEntry.OfApplication("ehr"), List.of("away", "cloud")),
                        job("pair", new JobEntry.OfGroup("both"), List.of("cloud")),
                        job("gone", new JobEntry.OfGroup("nobody"), List.of()),
                        job("files", new JobEntry.Trees(List.of("/srv/canary"), List.of(), false), List.of()))
                .forEach(each -> jobs.put(each.name(), each));
        var drills = new TreeMap<String, DrillEntry>();
        drills.put(
                "monthly",
                new DrillEntry(
                        "monthly",
                        List.of(Path.of("/no/such/plan.yaml")),
                        Path.of("/scratch"),
                        ScheduleEntry.none(),
                        Duration.ofDays(30),
                        PointRule.NEWEST,
                        Duration.ZERO,
                        0,
                        null,
                        Duration.ZERO));
        return new Configuration(
                null,
                "azure://canary/container?lock=compliance",
                null,
                null,
                null,
                applications,
                new TreeMap<>(Map.of("both", new GroupEntry("both", List.of("lab", "pacs"), Duration.ofSeconds(20)))),
                none.governor(),
                new TreeMap<>(Map.of("away", "/mnt/canary", "cloud", "s3://canary/x")),
                new TreeMap<>(Map.of("away", new TargetPlace("tape", "east"))),
                jobs,
                drills,
                none.channels(),
                none.escalation(),
                none.service(),
                List.of(),
                none.tiers(),
                Configuration.REVIEW_DAYS,
                none.anomaly(),
                null,
                null,
                List.of());
    }

    @Test
    void jobsGroupsAndWhatNobodyBacksUpAreKnown() {
        Survey survey = ComplianceSurvey.of(configuration());

        assertThat(survey.sources())
                .extracting(each -> each.name() + " " + each.kind() + " " + each.copies() + " " + each.offSite() + " "
                        + each.verified() + " " + each.scheduled())
                .containsExactly(
                        "ehr-job application 2 1 content false",
                        "files trees 0 0 content false",
                        "gone group 0 0 content false",
                        "pair group 1 0 content false",
                        "portal unprotected 0 0  false");
        assertThat(survey.targets())
                .extracting(each -> each.shown() + " " + each.media() + " " + each.provider() + " " + each.offSite()
                        + " " + each.locked())
                .containsExactly(
                        "(repository) object azure false true", "away tape  true false", "cloud object s3 false false");
        assertThat(survey.plans()).extracting(Survey.Plan::shown).containsExactly("monthly/unreadable");
        assertThat(survey.parts())
                .hasSize(9)
                .allSatisfy(part -> assertThat(part.facts().toString()).doesNotContain("canary"));
    }

    @Test
    void aChangeOfTheConfigurationIsSeen() {
        assertThat(ComplianceSurvey.of(configuration()).digest())
                .isEqualTo(ComplianceSurvey.of(configuration()).digest())
                .isNotEqualTo(ComplianceSurvey.of(Configuration.none()).digest());
    }
}
