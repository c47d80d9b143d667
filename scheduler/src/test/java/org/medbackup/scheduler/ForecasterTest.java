package org.medbackup.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.medbackup.scheduler.state.RunState;

class ForecasterTest {

    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

    private static Forecast forecast(RuleBook book, Scene scene, Duration ahead) {
        return new Forecaster(new Planner(book, 0), scene.situations).until(NOON, NOON.plus(ahead));
    }

    @Test
    void objectivesThatFitAreKeptForEver() {
        RuleBook book = RuleBook.of(JobRules.within("ehr", Duration.ofHours(1)));

        Forecast forecast = forecast(book, new Scene(book, NOON), Duration.ofDays(1));

        assertThat(forecast.breaches()).isEmpty();
        // Every 35 minutes: three quarters of an hour less the ten minutes that it takes.
        assertThat(forecast.runs())
                .hasSizeBetween(40, 44)
                .allSatisfy(run ->
                        assertThat(Duration.between(run.begin(), run.end())).isEqualTo(Duration.ofMinutes(10)));
    }

    @Test
    void moreWorkThanFitsIsForetoldWithWhatIsInTheWay() {
        RuleBook book = RuleBook.of(
                List.of(
                        JobRules.within("a", Duration.ofHours(1)).using(null, Set.of("tape")),
                        JobRules.within("b", Duration.ofHours(1)).using(null, Set.of("tape")),
                        JobRules.within("c", Duration.ofHours(1)).using(null, Set.of("tape"))),
                new RuleBook.Limits(1, 1, Map.of()));
        Scene scene = new Scene(book, NOON);
        for (String job : List.of("a", "b", "c")) {
            scene.takes(job, Duration.ofMinutes(35));
        }

        Forecast forecast = forecast(book, scene, Duration.ofHours(6));

        assertThat(forecast.breaches()).isNotEmpty().anySatisfy(breach -> {
            assertThat(breach.reason()).isEqualTo(WaitReason.CONCURRENCY);
            assertThat(breach.on()).isEqualTo("target:tape");
        });
    }

    @Test
    void aRunThatTakesLongerThanItsObjectiveAllowsIsForetold() {
        RuleBook book = RuleBook.of(JobRules.within("ehr", Duration.ofHours(1)));
        Scene scene = new Scene(book, NOON)
                .good("ehr", NOON.minusSeconds(1200))
                .takes("ehr", Duration.ofMinutes(90))
                .open("ehr", RunState.RUNNING, NOON.minusSeconds(60));

        assertThat(forecast(book, scene, Duration.ofHours(2)).breaches())
                .first()
                .satisfies(breach -> assertThat(breach.reason()).isEqualTo(WaitReason.RUNNING));
    }
}
