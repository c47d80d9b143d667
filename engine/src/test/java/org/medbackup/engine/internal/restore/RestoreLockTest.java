package org.medbackup.engine.internal.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/** What keeps two restores apart, and what they write in the meantime. */
class RestoreLockTest {

    @TempDir
    Path temp;

    @Test
    void oneRestorePointIsRestoredIntoOneTargetOnceAtATime() {
        Path target = temp.resolve("target");
        try (RestoreLock _ = RestoreLock.take(temp, "a", target)) {
            assertThatThrownBy(() -> RestoreLock.take(temp, "a", target.resolve("../target")))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.TARGET_UNUSABLE));
            RestoreLock.take(temp, "b", target).close();
            RestoreLock.take(temp, "a", temp.resolve("other")).close();
        }
        RestoreLock.take(temp, "a", target).close();
    }

    @Test
    void aStateFolderThatCannotBeUsedIsSaidToBeThat() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "x");

        assertThatThrownBy(() -> RestoreLock.take(file.resolve("state"), "a", temp))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STATE_UNUSABLE));
    }

    @Test
    void aTemporaryNameIsTheSameForTheSamePathAndRestorePointOnThisHostOnly() {
        var names = new TemporaryNames(new byte[32], "a");
        PathBytes path = PathBytes.of("ward/letter.txt");
        PathBytes name = names.of(path);

        assertThat(name.parent()).isEqualTo(PathBytes.of("ward"));
        assertThat(TemporaryNames.isOne(name.name().bytes())).isTrue();
        assertThat(TemporaryNames.isOne(path.name().bytes())).isFalse();
        assertThat(new TemporaryNames(new byte[32], "a").of(path)).isEqualTo(name);
        assertThat(new TemporaryNames(new byte[32], "b").of(path)).isNotEqualTo(name);
        assertThat(names.of(PathBytes.of("ward/letter.tx"))).isNotEqualTo(name);
        byte[] otherHost = new byte[32];
        otherHost[0] = 1;
        assertThat(new TemporaryNames(otherHost, "a").of(path)).isNotEqualTo(name);
    }
}
