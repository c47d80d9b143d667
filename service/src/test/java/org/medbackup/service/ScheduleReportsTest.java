package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.EventSink;
import org.medbackup.core.spi.notify.Severity;
import org.medbackup.resilience.escalation.Escalation;
import org.medbackup.resilience.escalation.Incident;
import org.medbackup.scheduler.Claim;
import org.medbackup.scheduler.Forecast;
import org.medbackup.scheduler.RpoMonitor;
import org.medbackup.scheduler.SchedulerEvent;
import org.medbackup.scheduler.WaitReason;
import org.medbackup.scheduler.state.RunState;
import org.medbackup.service.config.Configuration;

/** An objective that is not kept is an incident whatever jobs did, and is over when it is kept again. */
class ScheduleReportsTest {

    private static final Instant NOW = Instant.parse("2026-11-27T02:00:00Z");

    @TempDir
    Path temp;

    private Incidents incidents;
    private ScheduleReports reports;

    @BeforeEach
    void open() {
        Settings settings = Settings.of(temp, new Actor("daemon", "host-1", null, null));
        incidents = new Incidents(settings, temp, Secret.copyOf(new byte[32]), EventSink.none(), Configuration::none);
        reports = new ScheduleReports(incidents, "host-1");
    }

    private List<Incident> open(SchedulerEvent event) {
        reports.report(event);
        return incidents.with(Escalation::incidents);
    }

    private static SchedulerEvent standing(RpoMonitor.Level level, String target) {
        var objective = new RpoMonitor.Objective("ward", target, Duration.ofHours(1), NOW.minus(Duration.ofDays(1)));
        return new SchedulerEvent.ObjectiveChanged(
                NOW, new RpoMonitor.Standing(NOW, objective, level, null, Duration.ofMinutes(50)));
    }

    @Test
    void anObjectiveGoesThroughItsLevelsAsOneIncidentAtATime() {
        Incident risk = open(standing(RpoMonitor.Level.AT_RISK, "")).getFirst();
        assertThat(risk.severity()).isEqualTo(Severity.WARNING);
        assertThat(risk.cause().resource()).isEqualTo("ward");
        assertThat(risk.protectedUntil()).isEqualTo(NOW.plus(Duration.ofMinutes(10)));

        assertThat(open(standing(RpoMonitor.Level.MISSED, ""))).singleElement().satisfies(each -> {
            assertThat(each.severity()).isEqualTo(Severity.CRITICAL);
            assertThat(each.cause().failure()).isEqualTo(ErrorCode.RPO_MISSED.name());
        });
        assertThat(open(standing(RpoMonitor.Level.MET, ""))).isEmpty();
        assertThat(open(standing(RpoMonitor.Level.NEVER, "vault")))
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.severity()).isEqualTo(Severity.ERROR);
                    assertThat(each.cause().resource()).isEqualTo("ward-vault");
                });
    }

    @Test
    void whatWillBeMissedIsSaidAhead() {
        var breach = new Forecast.Breach("ward", NOW.plus(Duration.ofHours(2)), WaitReason.WINDOW, null);

        Incident ahead = open(new SchedulerEvent.WillMiss(NOW, breach)).getFirst();

        assertThat(ahead.severity()).isEqualTo(Severity.WARNING);
        assertThat(ahead.jobs()).containsExactly("ward");
    }

    @Test
    void aScheduleWhoseStateIsAwayIsCriticalUntilItIsBack() {
        assertThat(open(new SchedulerEvent.StateLost(NOW, ErrorCode.STATE_DATABASE_UNAVAILABLE)))
                .singleElement()
                .satisfies(each -> assertThat(each.severity()).isEqualTo(Severity.CRITICAL));

        assertThat(open(new SchedulerEvent.StateBack(NOW))).isEmpty();
    }

    @Test
    void theCourseOfRunsIsNobodysConcern() {
        String run = "0".repeat(32);

        assertThat(open(new SchedulerEvent.Began(NOW, "ward", run, 1))).isEmpty();
        assertThat(open(new SchedulerEvent.Ended(NOW, "ward", run, RunState.FAILED, "INTERNAL")))
                .isEmpty();
        assertThat(open(new SchedulerEvent.Parked(NOW, "ward", run, Claim.Stop.CLOSING)))
                .isEmpty();
        assertThat(open(new SchedulerEvent.Fenced(NOW, "ward", run))).isEmpty();
    }
}
