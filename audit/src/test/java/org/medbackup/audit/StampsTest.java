package org.medbackup.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Entropy;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;

/** Tokens beside the checkpoints that they attest. */
class StampsTest {

    @TempDir
    Path temp;

    /** A token that repeats what it attests. */
    private static final StampCheck ECHO = (token, content) -> {
        if (!Arrays.equals(token, content)) {
            throw ErrorCode.AUDIT_TIMESTAMP_FAILED.because("it attests something else");
        }
        return Instant.EPOCH;
    };

    private List<String> findings(Path folder, StampCheck check) {
        return Trails.findings(AuditTrail.verify(folder, Trails.KEY, List.of(), check));
    }

    private Path stamped() {
        Path folder = temp.resolve("audit");
        try (AuditTrail trail = Trails.openWithoutSync(folder)) {
            trail.accept(Trails.ended("a"));
            String note = trail.prove(List.of()).checkpoint();
            trail.keepStamp(1, note.substring(0, note.indexOf("\n\n") + 1).getBytes(StandardCharsets.UTF_8));
            trail.accept(Trails.ended("b"));
        }
        return folder;
    }

    @Test
    void aTokenOfACheckpointHoldsAndTravelsWithTheTrail() {
        Path folder = stamped();

        assertThat(findings(folder, ECHO)).isEmpty();
        try (AuditTrail trail = Trails.openWithoutSync(folder)) {
            assertThat(trail.prefix().isSettled("stamps/000000000001.tst")).isTrue();
            assertThat(trail.prefix().isSettled("stamps/000000000009.tst")).isFalse();
        }
    }

    @Test
    void aTokenOfSomethingElseAndOneOfNothingAreFound() throws Exception {
        Path folder = stamped();
        Path token = folder.resolve("stamps/000000000001.tst");
        byte[] kept = Files.readAllBytes(token);
        Files.write(token, new byte[3]);
        assertThat(findings(folder, ECHO)).containsExactly("BAD_TIMESTAMP 1");
        assertThat(findings(folder, StampCheck.none())).isEmpty();

        Files.write(token, kept);
        Files.write(folder.resolve("stamps/000000000007.tst"), kept);
        Files.write(folder.resolve("stamps/7.tst"), kept);
        assertThat(findings(folder, ECHO)).containsExactly("UNKNOWN_FILE -1", "BAD_TIMESTAMP 7");
        assertThat(findings(folder, StampCheck.none())).containsExactly("UNKNOWN_FILE -1", "BAD_TIMESTAMP 7");
    }

    @Test
    void aTrailWithASpoolIsOpenedOnARealDisk() {
        Path folder = temp.resolve("audit");
        try (SpooledTrail trail = SpooledTrail.open(
                folder,
                temp.resolve("spool"),
                Trails.KEY,
                TimeSource.system(),
                Entropy.system(),
                "backup"::equals,
                SpooledTrail.USUAL_BYTES)) {
            trail.accept(Trails.started("a"));
            trail.accept(Trails.ended("a"));
            assertThat(trail.isWaiting()).isFalse();
            assertThat(trail.trail().key()).isEqualTo(TrailKey.ofHost(Trails.KEY));
        }
        assertThat(Trails.findings(folder)).isEmpty();
    }
}
