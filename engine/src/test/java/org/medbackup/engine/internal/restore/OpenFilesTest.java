package org.medbackup.engine.internal.restore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.linux.Fd;
import org.medbackup.linux.LinuxException;

/** Of the files under way only so many stay open, and none that is in use is closed. */
class OpenFilesTest {

    @TempDir
    Path temp;

    private final AtomicInteger opened = new AtomicInteger();

    private Fd open() {
        opened.incrementAndGet();
        return Fd.CWD.open(temp.toString().getBytes(UTF_8), Fd.READ | Fd.FOLDER);
    }

    private static boolean isOpen(Fd fd) {
        try {
            return fd.status().isFolder();
        } catch (LinuxException closed) {
            return false;
        }
    }

    @Test
    void theOneThatWaitsLongestIsClosedAndOpenedAgainWhenItIsNeeded() {
        try (OpenFiles files = new OpenFiles(2)) {
            OpenFiles.Slot first = files.slot();
            OpenFiles.Slot second = files.slot();
            OpenFiles.Slot third = files.slot();
            for (OpenFiles.Slot slot : new OpenFiles.Slot[] {first, second, third}) {
                slot.acquire(this::open);
                slot.release();
            }

            second.acquire(this::open);
            assertThat(opened).hasValue(3);
            first.acquire(this::open);
            assertThat(opened).hasValue(4);
        }
    }

    @Test
    void whatIsInUseStaysOpen() {
        try (OpenFiles files = new OpenFiles(1)) {
            Fd inUse = files.slot().acquire(this::open);
            OpenFiles.Slot other = files.slot();
            Fd idle = other.acquire(this::open);
            other.release();
            files.slot().acquire(this::open);

            assertThat(isOpen(inUse)).isTrue();
            assertThat(isOpen(idle)).isFalse();
        }
    }

    @Test
    void aFileThatCannotBeOpenedHasNoUser() {
        try (OpenFiles files = new OpenFiles(1)) {
            OpenFiles.Slot slot = files.slot();

            assertThatThrownBy(() -> slot.acquire(() -> Fd.CWD.open("/absent".getBytes(UTF_8), Fd.READ)))
                    .isInstanceOf(LinuxException.class);
            assertThat(isOpen(slot.acquire(this::open))).isTrue();
        }
    }

    @Test
    void nothingStaysOpenAtTheEnd() {
        Fd left;
        try (OpenFiles files = new OpenFiles(4)) {
            left = files.slot().acquire(this::open);
        }

        assertThat(isOpen(left)).isFalse();
    }
}
