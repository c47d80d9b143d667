package org.medbackup.service.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.recovery.rotation.PointRule;
import org.medbackup.service.config.ConfigurationFile.Reading;

/** What the configuration says of drills, and what is said of one that cannot be. */
class DrillsSectionTest {

    private static final Instant NOW = Instant.parse("2026-02-02T08:00:00Z");

    @TempDir
    Path temp;

    @BeforeEach
    void write() throws IOException {
        for (String name : List.of("ward", "site", "same")) {
            Files.writeString(
                    temp.resolve(name + ".yaml"),
                    "name: " + (name.equals("same") ? "ward" : name)
                            + "\napplications: {a: {job: a, objectives: {rto: 1h}}}\n");
        }
        Files.writeString(temp.resolve("broken.yaml"), "name: broken\n");
    }

    private Reading read(String text) throws IOException {
        return new ConfigurationFile(List.of(), Map.of())
                .read(Files.writeString(temp.resolve("medbackup.yaml"), text.replace("$", temp.toString())));
    }

    private Configuration usable(String text) throws IOException {
        Reading reading = read(text);
        assertThat(reading.findings()).isEmpty();
        return Objects.requireNonNull(reading.configuration());
    }

    private List<String> wrong(String text) throws IOException {
        return read(text).findings().stream().map(Finding::text).toList();
    }

    @Test
    void everythingThatADrillSaysHolds() throws IOException {
        Configuration read = usable("""
                governor:
                  timezone: Europe/Berlin
                  windows: [{name: nights, from: "22:00", to: "06:00", limits: {cpu: 4}}]
                drills:
                  weekly:
                    plan: $/ward.yaml
                    scratch: /srv/recovered
                    schedule: {at: ["03:00"], days: [SUN], windows: [nights], missed: skip}
                    every: 30d
                    points: random
                    longest: 2h
                    sample: 2.5%
                    report: /srv/evidence
                  site:
                    plans: [$/ward.yaml, $/site.yaml]
                    scratch: /srv/recovered
                    schedule: {every: 24 h}
                    every: 365d
                    objective: 12h
                """);

        DrillEntry weekly = Objects.requireNonNull(read.drills().get("weekly"));
        assertThat(weekly.plans()).containsExactly(temp.resolve("ward.yaml"));
        assertThat(weekly.scratch()).isEqualTo(Path.of("/srv/recovered"));
        assertThat(weekly.schedule().at()).containsExactly(LocalTime.of(3, 0));
        assertThat(weekly.every()).isEqualTo(Duration.ofDays(30));
        assertThat(weekly.points()).isEqualTo(PointRule.RANDOM);
        assertThat(weekly.longest()).isEqualTo(Duration.ofHours(2));
        assertThat(weekly.share()).isEqualTo(0.025);
        assertThat(weekly.report()).isEqualTo(Path.of("/srv/evidence"));
        assertThat(weekly.isChain()).isFalse();
        assertThat(weekly.cadence(read.governor(), NOW))
                .as("a week and the hour of the change of clocks")
                .contains(Duration.ofHours(7 * 24 + 1));
        DrillEntry site = Objects.requireNonNull(read.drills().get("site"));
        assertThat(site.isChain()).isTrue();
        assertThat(site.objective()).isEqualTo(Duration.ofHours(12));
        assertThat(site.points()).isEqualTo(PointRule.NEWEST);
        assertThat(site.cadence(read.governor(), NOW)).contains(Duration.ofDays(1));
        assertThat(read.values()).extracting(Configuration.Value::key).contains("drills.weekly.plan");
    }

    @Test
    void aDrillWithoutMoreIsMonthlyFromTheNewestPoint() throws IOException {
        DrillEntry entry =
                Objects.requireNonNull(usable("drills: {a: {plan: $/ward.yaml, scratch: /s, schedule: {every: 24 h}}}")
                        .drills()
                        .get("a"));

        assertThat(entry.every()).isEqualTo(DrillEntry.EVERY);
        assertThat(entry.longest()).isZero();
        assertThat(entry.share()).isZero();
        assertThat(entry.report()).isNull();
        assertThat(new DrillEntry(
                                "a",
                                List.of(),
                                Path.of("/s"),
                                ScheduleEntry.none(),
                                DrillEntry.EVERY,
                                PointRule.NEWEST,
                                Duration.ZERO,
                                0,
                                null,
                                Duration.ZERO)
                        .cadence(GovernorEntry.none(), NOW))
                .isEmpty();
    }

    @Test
    void whatCannotBeIsSaidWithItsLine() throws IOException {
        assertThat(wrong("""
                        drills:
                          both: {plan: $/ward.yaml, plans: [$/ward.yaml, $/site.yaml], scratch: /s, schedule: {every: 1 h}}
                          none: {scratch: /s, schedule: {every: 1 h}}
                          never: {plan: $/ward.yaml, scratch: /s, schedule: {missed: skip}}
                          twice: {plan: $/ward.yaml, scratch: /s, schedule: {at: ["03:00"], every: 1 h}}
                          after: {plan: $/ward.yaml, scratch: /s, schedule: {every: 1 h, after: [x], missed: when-at-risk}}
                          window: {plan: $/ward.yaml, scratch: /s, schedule: {every: 1 h, windows: [nights]}}
                          sample: {plan: $/ward.yaml, scratch: /s, sample: 5%, objective: 2h, schedule: {every: 1 h}}
                          chain: {plans: [$/ward.yaml, $/same.yaml], scratch: /s, longest: 1h, schedule: {every: 1 h}}
                        """))
                .containsExactly(
                        "line 2, drills.both: it has a plan and plans",
                        "line 3, drills.none: it rehearses nothing",
                        "line 4, drills.never.schedule: nothing says when it begins",
                        "line 5, drills.twice.schedule: it has times of the day and a period",
                        "line 6, drills.after.schedule.after: a drill has no after",
                        "line 6, drills.after.schedule.missed: nothing of a drill is at risk before it is overdue",
                        "line 7, drills.window.schedule.windows: there is no window nights",
                        "line 8, drills.sample.objective: only several plans have an objective of their own",
                        "line 8, drills.sample.sample: nothing says what is too large",
                        "line 9, drills.chain.plans[1]: two plans have one name",
                        "line 9, drills.chain.longest: several plans are carried out whole");
    }

    @Test
    void whatWillNotWorkIsAWarning() throws IOException {
        Reading reading = read("""
                drills:
                  a: {plan: $/absent.yaml, scratch: /s, schedule: {every: 1 h}}
                  b: {plan: $/broken.yaml, scratch: /s, schedule: {every: 1 h}}
                  c: {plan: $/ward.yaml, scratch: /s, every: 7d, schedule: {at: ["03:00"], monthDays: [1]}}
                """);

        assertThat(reading.isUsable()).isTrue();
        assertThat(reading.findings()).extracting(Finding::severity).containsOnly(Finding.Severity.WARNING);
        List<String> said = reading.findings().stream().map(Finding::text).toList();
        assertThat(said.get(0)).isEqualTo("line 2, drills.a.plan: the plan cannot be read");
        assertThat(said.get(1)).startsWith("line 3, drills.b.plan: the plan cannot be used: ");
        assertThat(said.get(2))
                .isEqualTo(
                        "line 4, drills.c.schedule: from one time to the next it can be 31 days, longer than `every`");
    }

    @Test
    void whatIsNoValueIsSaid() throws IOException {
        assertThat(wrong("drills: {a: {plan: relative.yaml, scratch: /s, schedule: {every: 1 h}}}"))
                .hasSize(1);
        assertThat(
                        wrong(
                                "drills: {a: {plan: $/ward.yaml, scratch: /s, sample: 0%, longest: 1h, schedule: {every: 1 h}}}"))
                .hasSize(1);
        assertThat(wrong("drills: {a: {plan: $/ward.yaml, scratch: /s, points: any, schedule: {every: 1 h}}}"))
                .hasSize(1);
        assertThat(wrong("drills: {a: {plan: $/ward.yaml}}")).isNotEmpty();
    }
}
