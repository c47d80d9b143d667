package org.medbackup.store.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.store.common.Silence;

/** Stores with limits and surroundings of a test's own. */
final class TestStores {

    static final Duration SHORT = Duration.ofSeconds(1);
    static final Duration LONGEST = Duration.ofSeconds(60);

    static final int MEBIBYTE = 1 << 20;

    private TestStores() {}

    /** Nothing of this account is looked at. */
    static Environment environment(Map<String, String> variables, Path home) {
        return name -> name.equals(Environment.HOME) ? home.toString() : variables.get(name);
    }

    static SftpStore store(String location, Environment environment) {
        return store(
                location,
                environment,
                new Patience(new Silence(SHORT.multipliedBy(4), SHORT.multipliedBy(4), LONGEST)));
    }

    static SftpStore store(String location, Environment environment, Patience patience) {
        return SftpStoreProvider.open(SftpLocation.of(URI.create(location)), environment, patience, Throttle.none());
    }

    /** A store with the files that its location names. */
    static SftpStore store(String location) {
        return store(location, name -> null);
    }

    static SftpStore hasty(String location) {
        return store(location, name -> null, new Patience(new Silence(SHORT, SHORT, LONGEST)));
    }

    /** The failure of a call, which must be of a code. */
    static BackupException failure(ErrorCode code, Runnable call) {
        BackupException failure = catchThrowableOfType(BackupException.class, call::run);
        assertThat(failure).isNotNull();
        assertThat(failure.code()).as(failure.describe()).isEqualTo(code);
        return failure;
    }

    /** Content of which something is done in the middle. */
    static ObjectContent interrupted(int mebibytes, int after, Runnable event) {
        return new ObjectContent() {
            @Override
            public long length() {
                return (long) mebibytes * MEBIBYTE;
            }

            @Override
            public void writeTo(WritableByteChannel target) throws IOException {
                for (int written = 0; written < mebibytes; written++) {
                    if (written == after) {
                        event.run();
                    }
                    target.write(ByteBuffer.allocate(MEBIBYTE));
                }
            }
        };
    }

    /** A call fails since the target was not reached, for a cause. */
    static void causeIs(String cause, Runnable call) {
        assertThat(failure(ErrorCode.STORE_UNAVAILABLE, call).context()).containsEntry("cause", cause);
    }
}
