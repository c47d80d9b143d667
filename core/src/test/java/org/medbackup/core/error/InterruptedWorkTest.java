package org.medbackup.core.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import org.junit.jupiter.api.Test;

class InterruptedWorkTest {

    @Test
    void anInterruptionThatClosesAFileIsACancellationAndNoFailureOfTheFile() {
        for (IOException interrupted :
                new IOException[] {new ClosedByInterruptException(), new FileLockInterruptionException()}) {
            BackupException failure = ErrorCode.STATE_UNUSABLE.because("it cannot be written", interrupted);

            assertThat(failure).isInstanceOf(CancelledException.class).hasCause(interrupted);
            assertThat(failure.code()).isEqualTo(ErrorCode.CANCELLED);
        }
        assertThat(ErrorCode.STATE_UNUSABLE
                        .because("full", new IOException("full"))
                        .code())
                .isEqualTo(ErrorCode.STATE_UNUSABLE);
    }

    @Test
    void whatTheCallNamedIsShownToTheCallerAlone() {
        BackupException failure = ErrorCode.SOURCE_NOT_FOUND
                .because("nothing has this name")
                .with("store", "/backup")
                .about("/wards/4b");

        assertThat(failure.toCaller()).isEqualTo(failure.describe() + ": /wards/4b");
        assertThat(failure.describe()).contains("store=/backup").doesNotContain("/wards/4b");
        assertThat(failure.getMessage()).doesNotContain("/wards/4b");
        assertThat(ErrorCode.USAGE.because("so").toCaller()).isEqualTo("The call cannot be understood: so");
    }
}
