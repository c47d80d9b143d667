package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.notify.Notification;
import org.medbackup.testkit.Evidence;

/**
 * Days of a hospital over the change of the clock, with real jobs: 20 applications, 3 targets, failures at random. In
 * {@code ./check} two days, in a long run thirty.
 */
class EnterpriseMonthTest {

    private static final Duration DAYS = Duration.ofDays(Evidence.rounds(2, 30));
    /** In Berlin the clock is changed on 2027-03-28. Files of now are older than that. */
    private static final Instant CHANGE = Instant.parse("2027-03-28T01:00:00Z");

    private static final Instant START = CHANGE.minus(DAYS.dividedBy(2));
    /** By then each has had its turn with the one worker, and no target was away. */
    private static final Duration FIRST_ROUND = Duration.ofHours(8);

    /** Of the draws 1 to 5, the first has the repository away for so much of two days that too few objectives can be met. */
    private static final long SEED = 2;

    private static final Set<String> MISSED = Set.of(ErrorCode.RPO_MISSED.name(), ErrorCode.NO_GOOD_BACKUP.name());

    @TempDir(factory = FailureSimulationTest.InMemory.class)
    Path temp;

    @Test
    void everyObjectiveIsMetOrSomebodyIsToldAndNoRestorePointIsLost() throws IOException {
        try (var enterprise =
                new Enterprise(Files.createDirectories(temp.resolve("hospital")), "hospital", START, SEED)) {
            enterprise.pass(DAYS);
            enterprise.calm();
            // Whoever was killed at the end of these days says what he finds missed once he is back.
            enterprise.pass(Duration.ofHours(1));
            int met = 0;
            int missed = 0;
            for (int number = 0; number < Enterprise.JOBS; number++) {
                String job = "job%02d".formatted(number);
                List<Enterprise.Good> points = enterprise.good.getOrDefault(job, List.of());
                assertThat(points).as(job).isNotEmpty();
                if (!job.equals(enterprise.silentJob())) {
                    assertThat(points.getFirst().visible())
                            .as("%s waits behind one whose application is away", job)
                            .isBefore(START.plus(FIRST_ROUND));
                }
                Instant last = START;
                for (Enterprise.Good each : points) {
                    boolean kept = isKept(enterprise, job, last, each.visible());
                    met += kept ? 1 : 0;
                    missed += kept ? 0 : 1;
                    last = each.point();
                }
                missed += isKept(enterprise, job, last, enterprise.now()) ? 0 : 1;
                lastOnesAreThere(enterprise, number, points);
            }
            assertThat(List.of("repository", "vault", "cloud")).allMatch(enterprise::isWhole);

            long expected = Enterprise.JOBS * DAYS.toDays();
            assertThat((long) met).isGreaterThan(expected / 2).isGreaterThan(5L * missed);
            assertThat(missed)
                    .as("of the application that is away for too long")
                    .isPositive();
            assertThat(enterprise.faults).isPositive();
            assertThat(enterprise.outages).isPositive();
            assertThat(enterprise.deaths).isPositive();
            assertThat(enterprise.ended.getOrDefault("SUCCEEDED", 0)).isPositive();
        }
    }

    /** Whether the next restore point was there in time; where not, somebody was told before it was there. */
    private static boolean isKept(Enterprise enterprise, String job, Instant last, Instant next) {
        Duration rpo = enterprise.rpo(job);
        if (!next.isAfter(last.plus(rpo))) {
            return true;
        }
        assertThat(enterprise.told)
                .as("%s had a restore point of %s and the next at %s", job, last, next)
                .anyMatch(each -> each.resource().equals(job)
                        && MISSED.contains(each.failure())
                        && each.kind() != Notification.Kind.RESOLVED
                        && each.time().isAfter(last)
                        && !each.time().isAfter(next));
        return false;
    }

    /** The retention leaves four; what each of the last two held is restored. */
    private static void lastOnesAreThere(Enterprise enterprise, int job, List<Enterprise.Good> points) {
        for (Enterprise.Good each : points.subList(Math.max(0, points.size() - 2), points.size())) {
            boolean moved = !enterprise.snapshots(each.target()).contains(each.snapshot());
            String target = moved ? "repository" : each.target();
            assertThat(enterprise.snapshots(target)).contains(each.snapshot());
            assertThat(enterprise.restored(target, each.snapshot(), job)).isEqualTo(each.text());
        }
    }
}
