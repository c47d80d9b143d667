package org.medbackup.core.spi.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;
import org.medbackup.core.spi.app.ApplicationRecovery.RestoredFiles;

/** What is asked of an application that is not started, and what an adapter promises that says nothing. */
class FolderRecoveryTest {

    @TempDir
    Path temp;

    @Test
    void foldersAreAskedNothingAndNeedNoNetwork() {
        Deadline soon = Deadline.after(TimeSource.system(), Duration.ofSeconds(5));
        var recovery = new FolderRecovery();
        try (Recovered lying = recovery.start(new RestoredFiles(temp, Map.of(), temp), soon)) {
            assertThatThrownBy(() -> lying.ask("SELECT 1", soon))
                    .isInstanceOf(UsageException.class)
                    .extracting(failed -> ((UsageException) failed).code())
                    .isEqualTo(ErrorCode.USAGE);
            assertThat(lying.port()).isEmpty();
        }
        assertThat(recovery.worksApart()).isTrue();
        assertThat(recovery.replays()).isFalse();
    }

    @Test
    void anAdapterThatSaysNothingIsTakenToNeedTheLoopbackAndToReplayItsLog() {
        ApplicationRecovery silent = (files, deadline) -> {
            throw ErrorCode.USAGE.because("not started");
        };
        assertThat(silent.worksApart()).isFalse();
        assertThat(silent.replays()).isTrue();
    }
}
