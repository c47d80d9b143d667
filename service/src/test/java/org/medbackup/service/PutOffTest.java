package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.CancelledException;
import org.medbackup.core.error.ErrorCode;

/** A run of the schedule whose application does not answer gives its place away while it waits. */
class PutOffTest {

    @TempDir
    Path temp;

    private SimulatedSite site;
    private Hold hold = new Hold(null);

    @BeforeEach
    void open() {
        site = new SimulatedSite(temp, "off-" + temp.getFileName(), 1);
    }

    @AfterEach
    void close() {
        site.close();
    }

    /** Keeps what a scheduler's state would. */
    private static final class Hold implements RunHold {
        private final @Nullable PutOff before;

        @Nullable
        PutOff given;

        @Nullable
        Duration pause;

        Hold(@Nullable PutOff before) {
            this.before = before;
        }

        @Override
        public Optional<PutOff> putOff() {
            return Optional.ofNullable(before);
        }

        @Override
        public void putOff(PutOff wait, Duration length) {
            given = wait;
            pause = length;
            throw ErrorCode.RUN_PUT_OFF.because("others have its place");
        }
    }

    private void silentFor(Duration length) {
        Instant there = site.time.now().plus(length);
        site.trouble(new SimulatedSite.Trouble() {
            @Override
            public void phase(String phase) {
                if (site.time.now().isBefore(there)) {
                    throw ErrorCode.APPLICATION_UNREACHABLE.because("nobody answers");
                }
            }
        });
    }

    /** Runs it until it ends, as a scheduler does that begins it again after each pause. */
    private JobResult run() {
        while (true) {
            try {
                return site.run("clinic", hold);
            } catch (CancelledException putOff) {
                assertThat(putOff.code()).isEqualTo(ErrorCode.RUN_PUT_OFF);
                assertThat(hold.pause).isGreaterThanOrEqualTo(Duration.ofSeconds(20));
                site.time.advance(Objects.requireNonNull(hold.pause));
                hold = new Hold(hold.given);
            }
        }
    }

    @Test
    void itGoesOnWithItsPlanAndEndsWellWhenTheApplicationIsBack() {
        silentFor(Duration.ofMinutes(20));
        Instant begun = site.time.now();

        JobResult result = run();

        assertThat(result.state()).as("%s", result.troubles()).isEqualTo(JobState.SUCCEEDED);
        assertThat(Duration.between(begun, site.time.now())).isBetween(Duration.ofMinutes(20), Duration.ofMinutes(40));
        // It was not begun anew after each pause: the pauses grew, and all attempts were counted.
        assertThat(result.attempts()).isBetween(5, 13);
        assertThat(site.snapshots("")).isEqualTo(result.snapshots());
    }

    @Test
    void itIsGivenUpWhenItsTimeIsOverHoweverOftenItWasPutOff() {
        silentFor(Duration.ofDays(2));
        Instant begun = site.time.now();

        JobResult result = run();

        assertThat(result.state()).isEqualTo(JobState.FAILED);
        assertThat(result.troubles().getLast().cause().code()).isEqualTo(ErrorCode.APPLICATION_UNREACHABLE);
        assertThat(Duration.between(begun, site.time.now())).isLessThanOrEqualTo(Duration.ofHours(2));
        assertThat(site.snapshots("")).isEmpty();
    }

    @Test
    void aClockThatWasSetBackGivesItNoMoreTimeThanItHas() {
        silentFor(Duration.ofDays(2));
        assertThatExceptionOfType(CancelledException.class).isThrownBy(() -> site.run("clinic", hold));
        RunHold.PutOff given = Objects.requireNonNull(hold.given);
        hold = new Hold(new RunHold.PutOff(given.past(), given.until().plus(Duration.ofDays(1))));
        Instant begun = site.time.now();

        assertThat(run().state()).isEqualTo(JobState.FAILED);
        assertThat(Duration.between(begun, site.time.now())).isLessThanOrEqualTo(Duration.ofHours(2));
    }

    @Test
    void whoRunsItByHandWaits() {
        silentFor(Duration.ofMinutes(20));

        assertThat(site.run("clinic").state()).isEqualTo(JobState.SUCCEEDED);
    }
}
