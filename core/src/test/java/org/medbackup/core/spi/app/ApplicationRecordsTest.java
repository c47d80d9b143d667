package org.medbackup.core.spi.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.medbackup.core.PathBytes;
import org.medbackup.core.TimeSource;
import org.medbackup.core.process.Processes;

class ApplicationRecordsTest {

    @Test
    void whatAnApplicationSaysOfItselfCannotChangeLater() {
        var facts = new HashMap<>(Map.of("data", "/d"));
        var discovery = new Application.Discovery("18.1", "7", facts);
        var consistency = new Application.Consistency(
                ConsistencyLevel.APPLICATION_CONSISTENT, "0/1000", Duration.ofMillis(3), facts);
        var files = new ApplicationRecovery.RestoredFiles(Path.of("/r"), facts, Path.of("/s"));

        facts.clear();

        assertThat(discovery.facts()).containsEntry("data", "/d");
        assertThat(consistency.evidence()).containsEntry("data", "/d");
        assertThat(files.evidence()).containsEntry("data", "/d");
        assertThat(discovery.version()).isEqualTo("18.1");
        assertThat(discovery.identity()).isEqualTo("7");
    }

    @Test
    void consistencyHasALevelAPositionAndItsPrice() {
        var consistency =
                new Application.Consistency(ConsistencyLevel.FILE_LEVEL, "0/1000", Duration.ofMillis(3), Map.of());

        assertThat(consistency.level()).isEqualTo(ConsistencyLevel.FILE_LEVEL);
        assertThat(consistency.position()).isEqualTo("0/1000");
        assertThat(consistency.added()).isEqualTo(Duration.ofMillis(3));
    }

    @Test
    void aFindingNamesWhatMendsIt() {
        var finding = new Application.Readiness("wal_level", false, "it is minimal", "ALTER SYSTEM SET x");

        assertThat(finding.ok()).isFalse();
        assertThat(finding.name()).isEqualTo("wal_level");
        assertThat(finding.message()).isEqualTo("it is minimal");
        assertThat(finding.remedy()).isEqualTo("ALTER SYSTEM SET x");
    }

    @Test
    void aCopyOfAllTakesFoldersAndFiles() {
        var copy = new CopySink.TreeCopy(
                Path.of("/d"), PathBytes.of("/d"), CopySink.Selection.ALL, CopySink.Cut.PAGES, true);

        assertThat(copy.selection().choose(PathBytes.of("base"), true)).isEqualTo(CopySink.Choice.TAKE);
        assertThat(copy.selection().choose(PathBytes.of("base/1"), false)).isEqualTo(CopySink.Choice.TAKE);
        assertThat(copy.source()).isEqualTo(Path.of("/d"));
        assertThat(copy.as()).hasToString("/d");
        assertThat(copy.cut()).isEqualTo(CopySink.Cut.PAGES);
        assertThat(copy.live()).isTrue();
    }

    @Test
    void adaptersWorkThroughTheMachinesPortsByDefault() {
        var outside = ApplicationProvider.Outside.system();

        assertThat(outside.time()).isSameAs(TimeSource.system());
        assertThat(outside.processes()).isSameAs(Processes.system());
    }

    @Test
    void aRecoveryThatReplayedNothingHasReachedNoTime() {
        assertThat(new ApplicationRecovery.Reached(null, "0/1").time()).isNull();
        assertThat(new ApplicationRecovery.Reached(Instant.EPOCH, "0/1").position())
                .isEqualTo("0/1");
    }
}
