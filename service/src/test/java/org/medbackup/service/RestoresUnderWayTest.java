package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.event.Outcome;
import org.medbackup.testkit.ManualTime;
import org.medbackup.testkit.SeededEntropy;

/** A restore in earnest is seen by the daemon, in whichever process it goes on. */
class RestoresUnderWayTest {

    @TempDir
    Path temp;

    private final SeededEntropy entropy = new SeededEntropy(1);

    private OperationLog begun(RestoresUnderWay restores, String action) {
        return OperationLog.open(
                new ManualTime(Instant.parse("2026-02-02T08:00:00Z")),
                entropy,
                restores,
                action,
                new Actor("raj", "host-1", null, null),
                Facts.NONE);
    }

    @Test
    void itCountsFromItsBeginningToTheEndOfTheLastOne() {
        var restores = new RestoresUnderWay(temp);
        var daemon = new RestoresUnderWay(temp);
        assertThat(daemon.isAny()).isFalse();
        begun(restores, "drill-restore");
        assertThat(daemon.isAny()).as("a drill is no restore in earnest").isFalse();

        OperationLog first = begun(restores, "restore");
        OperationLog second = begun(restores, "app-restore");
        first.phase("chosen", Outcome.SUCCESS, Duration.ZERO, Facts.NONE);
        first.ended(Outcome.SUCCESS, null, Facts.NONE);
        assertThat(daemon.isAny()).isTrue();
        second.ended(Outcome.CANCELLED, null, Facts.NONE);
        assertThat(daemon.isAny()).isFalse();
        second.ended(Outcome.CANCELLED, null, Facts.NONE);
        assertThat(temp.resolve("run")).isEmptyDirectory();
    }

    @Test
    void whatAKilledProcessLeftBehindDoesNotCount() throws IOException, InterruptedException {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        Files.createDirectories(temp.resolve("run"));
        Path mark = Files.createFile(temp.resolve("run/" + gone.pid() + ".restore"));

        assertThat(new RestoresUnderWay(temp).isAny()).isFalse();
        assertThat(mark).doesNotExist();
    }

    @Test
    void aRestoreGoesOnWhereItCannotBeMarked() throws IOException {
        Path file = Files.createFile(temp.resolve("state"));
        var restores = new RestoresUnderWay(file);

        BackupEvent begun = new BackupEvent.Started(
                Instant.EPOCH, "1", "restore", new Actor("raj", "host-1", null, null), Facts.NONE);
        restores.accept(begun);

        assertThat(restores.isAny()).isFalse();
    }
}
