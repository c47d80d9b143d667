package org.medbackup.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.medbackup.core.content.SourceSigns;
import org.medbackup.testkit.ManualExample;

/** The ten lines that use the module alone. */
class AnomalyExampleTest {

    private static List<String> example(List<SourceSigns> runs) {
        // example:begin
        List<PastRun> past = new ArrayList<>();
        List<String> alarms = new ArrayList<>();
        for (SourceSigns run : runs) {
            Verdict verdict = Judge.judge(run, past);
            if (verdict.alarm()) {
                verdict.signs().forEach(sign -> alarms.add(sign + ": " + sign.text()));
            } else {
                past.add(new PastRun(run, false));
            }
        }
        return alarms;
        // example:end
    }

    @Test
    void theTenLinesFindASweep() {
        var quiet = new SourceSigns(900, 9000, 1, 9, 1, 0, 90, 90, 90, 90, 0, 0, 0, 0, 0, true);
        var sweep = new SourceSigns(900, 9000, 1, 90, 1, 0, 900, 900, 900, 900, 900, 80, 800, 0, 0, true);

        assertThat(example(List.of(quiet, quiet, sweep))).containsExactly("SWEEP: " + Sign.SWEEP.text());
    }

    @Test
    void theManualHoldsTheExampleAsItIsHere() {
        ManualExample.assertStandsIn(
                "docs/anomaly.md", "anomaly/src/test/java/org/medbackup/anomaly/AnomalyExampleTest.java");
    }
}
