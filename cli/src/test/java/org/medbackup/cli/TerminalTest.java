package org.medbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.Facts;

class TerminalTest {

    private static final BackupEvent.Progress HALF = new BackupEvent.Progress(Instant.EPOCH, "op", 5, 500, 10, 1000);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Terminal terminal(boolean interactive) {
        return new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                interactive);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void workThatLastsShowsABarWhichGoesAwayBeforeTheAnswer() {
        Terminal terminal = terminal(true);
        terminal.accept(HALF);
        assertThat(err()).isEmpty();

        TimeSource.system().sleep(Duration.ofMillis(1010));
        terminal.accept(HALF);
        assertThat(err()).startsWith("\r\u001b[K5 files, 500 B, ").contains("/s, 1 s left");
        terminal.accept(new BackupEvent.Progress(Instant.EPOCH, "op", 5, 500, -1, -1));
        assertThat(err()).endsWith("/s");

        terminal.print(new Answer().line("done"));
        assertThat(err()).endsWith("\r\u001b[K");
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("done\n");
        int shown = err().length();

        terminal.configure(true, false, false);
        terminal.accept(HALF);
        terminal.configure(false, true, false);
        terminal.accept(HALF);
        Terminal file = terminal(false);
        file.accept(HALF);
        assertThat(err()).hasSize(shown);
    }

    @Test
    void whatIsFoundOnTheWayIsTold() {
        terminal(false)
                .accept(new BackupEvent.Found(
                        Instant.EPOCH, "op", ErrorCode.OBJECT_DAMAGED, Facts.of("object", "d/\u001b")));

        assertThat(err()).isEqualTo("medbackup: found: A stored object is damaged {object=d/\\x1b}\n");
    }

    @Test
    void limitsThatChangeWhileItRunsAreTold() {
        var calendar = new Actor("calendar", "backup01", null, null);
        Terminal terminal = terminal(false);
        terminal.accept(new BackupEvent.LimitChanged(
                Instant.EPOCH, "op", calendar, "window night", "disk.read=8MB/s", "disk.read=40MB/s"));
        terminal.accept(
                new BackupEvent.LimitChanged(Instant.EPOCH, "op", calendar, "window night", "disk.read=40MB/s", ""));
        terminal.configure(false, true, false);
        terminal.accept(new BackupEvent.LimitChanged(Instant.EPOCH, "op", calendar, "window night", "", "cpu=1.0"));

        assertThat(err()).isEqualTo("""
            medbackup: limits changed by window night: disk.read=40MB/s
            medbackup: limits changed by window night: none
            """);
    }

    @Test
    void theCourseOfThingsGoesToStandardErrorWhereADocumentIsWanted() {
        Terminal terminal = terminal(false);
        terminal.configure(true, false, false);
        terminal.tell("a step");
        terminal.configure(false, true, false);
        terminal.tell("silence");
        terminal.configure(false, false, false);
        terminal.tell("another step");

        assertThat(err()).isEqualTo("a step\n");
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("another step\n");
    }
}
