package org.medbackup.apps;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.CopySink;
import org.medbackup.testkit.HandedOver;
import org.medbackup.testkit.ManualExample;

class AppsExampleTest {

    private static ApplicationRun example(ManualClock clock, Application application, CopySink sink) {
        OperationLog log = OperationLog.silent();
        // example:begin
        PhaseBudgets budgets = PhaseBudgets.defaults()
                .withFrozen(Duration.ofSeconds(5)) // thawed after five seconds, whatever happens
                .with(Phase.MARK, Duration.ofSeconds(10));
        ConsistentBackup backup = ConsistentBackup.of(clock, log).with(budgets);
        ApplicationRun run = backup.run(application, "nightly-17", sink);
        for (PhaseTiming timing : run.timings()) {
            System.err.println(timing.phase().label() + " " + timing.took());
        }
        System.err.println(run.consistency().position() + ", frozen for " + run.frozen());
        // example:end
        return run;
    }

    @Test
    void theExampleOfTheManualBacksUp() {
        var stage = new Stage();

        ApplicationRun run = example(stage.clock, new ScriptedApplication(true), new HandedOver());

        assertThat(run.timings()).isNotEmpty();
        assertThat(run.added()).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void theManualHoldsTheExampleAsItIsHere() {
        ManualExample.assertStandsIn(
                "docs/applications.md", "apps/src/test/java/org/medbackup/apps/AppsExampleTest.java");
    }
}
