package org.medbackup.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.medbackup.scheduler.RpoMonitor.Level;

/** Thirty days, 20 jobs, 3 targets, the change of the clock in the middle: every objective is met or said to be at risk. */
class MonthTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Instant START = Instant.parse("2026-03-12T00:00:00Z");
    private static final Duration DAYS = Duration.ofDays(30);

    private static RuleBook rules(Map<String, Duration> lengths) {
        List<JobRules> jobs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String name = "job%02d".formatted(i);
            Duration rpo = Duration.ofHours(new int[] {8, 12, 26, 12, 26}[i % 5]);
            Duration length = Duration.ofMinutes(5 + 3L * i);
            lengths.put(name, length);
            JobRules rules = i % 5 == 4
                    ? JobRules.at(name, Timetable.Daily.at(BERLIN, LocalTime.of(2, 30)))
                            .withRpo(rpo)
                            .withHours(HoursTest.nights(), Overrun.FINISH)
                            .withJitter(Duration.ofMinutes(20))
                    : JobRules.within(name, rpo);
            rules = rules.using("host" + i % 7, Set.of("target" + i % 3))
                    .withPriority(i % 3)
                    .expecting(length);
            if (i % 6 == 5) {
                rules = rules.onlyOn("two");
            }
            if (i == 9) {
                rules = rules.after(Dependency.on("job08", Duration.ofHours(24)));
            }
            jobs.add(rules);
        }
        return RuleBook.of(jobs, new RuleBook.Limits(1, 4, Map.of("target2", 2)));
    }

    private static Month played(long seed, Duration days) throws IOException {
        Map<String, Duration> lengths = new HashMap<>();
        try (var folder = new MemoryFolder();
                var month = new Month(folder.path(), rules(lengths), lengths, START, seed)) {
            month.pass(days);
            return month;
        }
    }

    @Test
    void everyObjectiveIsMetOrSomebodyIsTold() throws IOException {
        Month month = played(1, DAYS);
        Map<String, Duration> lengths = new HashMap<>();
        RuleBook rules = rules(lengths);
        int kept = 0;
        int missed = 0;
        for (JobRules job : rules.jobs().values()) {
            Duration rpo = job.rpo();
            assertThat(rpo).isNotNull();
            List<Instant> points = month.good.getOrDefault(job.name(), List.of());
            assertThat(points).as(job.name()).isNotEmpty();
            Instant last = START;
            for (Instant point : points) {
                // The age is at its highest when the next restore point is there.
                Instant visible = point.plus(lengths.getOrDefault(job.name(), Duration.ZERO));
                if (Duration.between(last, visible).compareTo(rpo) > 0) {
                    missed++;
                    toldOf(month, job.name(), last.plus(rpo), visible);
                } else {
                    kept++;
                }
                last = point;
            }
        }

        assertThat(month.deaths).isPositive();
        assertThat(month.failures).isPositive();
        assertThat(month.takeovers).isPositive();
        assertThat(kept).isGreaterThan(10 * missed);
        assertThat(month.runs).isGreaterThan(1_000);
    }

    /** Before the objective is missed somebody hears that it is at risk, and when it is missed, that it is. */
    private static void toldOf(Month month, String job, Instant deadline, Instant visible) {
        List<RpoMonitor.Standing> told = month.told.getOrDefault(job, List.of());
        assertThat(told)
                .as("%s was to have a restore point by %s", job, deadline)
                .anyMatch(each -> (each.level() == Level.AT_RISK || each.level() == Level.NEVER)
                        && each.at().isBefore(deadline))
                .anyMatch(each -> (each.level() == Level.MISSED || each.level() == Level.NEVER)
                        && !each.at().isAfter(visible));
    }

    @Test
    void oneSeedIsOneMonth() throws IOException {
        Duration days = Duration.ofDays(2);

        assertThat(played(7, days).log).isEqualTo(played(7, days).log).hasSizeGreaterThan(200);
    }
}
