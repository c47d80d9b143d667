package org.medbackup.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.audit.merkle.TreeHead;
import org.medbackup.core.Entropy;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.event.Outcome;
import org.medbackup.testkit.ManualExample;

class AuditExampleTest {

    @TempDir
    Path temp;

    private static AuditVerification example(Path folder, Secret hostKey) {
        TimeSource time = TimeSource.system();
        Entropy entropy = Entropy.system();
        // example:begin
        TreeHead head;
        try (AuditTrail trail = AuditTrail.open(folder, hostKey, time, entropy)) {
            Actor actor = new Actor("j.doe", "backup01", "ticket 4711", "HOPERAT");
            Facts target = Facts.NONE.andVeiled("target", "/srv/restore");
            OperationLog log = OperationLog.open(time, entropy, trail, "restore", actor, target);
            log.ended(Outcome.SUCCESS, null, Facts.of("files", 12));
            head = trail.head(); // keep a copy of it where this host cannot change it
        }
        AuditVerification verification = AuditTrail.verify(folder, hostKey, List.of(head));
        verification.findings().forEach(finding -> System.err.println(finding.code() + ": " + finding.message()));
        // example:end
        return verification;
    }

    @Test
    void theExampleOfTheManualRuns() {
        AuditVerification verification = example(temp, Trails.KEY);

        assertThat(verification).isEqualTo(new AuditVerification(2, 2, true, List.of()));
    }

    @Test
    void theManualHoldsTheExampleAsItIsHere() {
        ManualExample.assertStandsIn("docs/audit.md", "audit/src/test/java/org/medbackup/audit/AuditExampleTest.java");
    }

    @Test
    void theManualNamesEveryCode() throws IOException {
        Path root = Path.of(System.getProperty("medbackup.root"));
        String manual = Files.readString(root.resolve("docs/audit.md"));

        assertThat(Finding.Code.values()).allSatisfy(code -> assertThat(manual).contains("`" + code + "`"));
    }
}
