package org.medbackup.core.spi.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.medbackup.core.StoppedClock;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.LogArchive.LogEntry;
import org.medbackup.core.spi.app.LogArchive.LogFile;
import org.medbackup.core.spi.app.LogStoring.Batch;

@Timeout(30)
class LogStoringTest {

    private final StoppedClock time = new StoppedClock();
    private final Spool spool = new Spool();
    private final Archive archive = new Archive();

    /** What waits, by number; an odd one says nothing of a position. */
    private static final class Spool implements LogStoring.Waiting<Integer> {

        private final List<Batch<Integer>> waiting = new ArrayList<>();

        synchronized void put(int number) {
            var file = new LogFile("f" + number, Path.of("/spool/f" + number), new TreeMap<>());
            waiting.add(new Batch<>(List.of(file), number % 2 == 0 ? number : null));
        }

        @Override
        public synchronized List<Batch<Integer>> batches() {
            return List.copyOf(waiting);
        }

        @Override
        public synchronized void remove(List<Path> files) {
            waiting.removeIf(each -> files.contains(each.files().getFirst().source()));
        }
    }

    private static final class Archive implements LogArchive {

        private final LinkedBlockingQueue<String> calls = new LinkedBlockingQueue<>();
        private volatile @Nullable BackupException failure;
        private volatile @Nullable CountDownLatch held;

        @Override
        public void store(List<LogFile> files) {
            BackupException failed = failure;
            calls.add(failed == null ? files.getFirst().name() : "failed");
            CountDownLatch latch = held;
            if (latch != null) {
                try {
                    latch.await();
                } catch (InterruptedException ended) {
                    throw ErrorCode.CANCELLED.because("interrupted", ended);
                }
            }
            if (failed != null) {
                throw failed;
            }
        }

        @Override
        public List<LogEntry> entries() {
            return List.of();
        }

        @Override
        public boolean fetch(String name, Path destination) {
            return false;
        }
    }

    @Test
    void whatWaitsIsStoredInItsOrderAndTakenAway() throws InterruptedException {
        spool.put(1);
        spool.put(2);
        var storing = new LogStoring<>(archive, spool, time);
        assertThat(archive.calls.take()).isEqualTo("f1");
        assertThat(archive.calls.take()).isEqualTo("f2");
        spool.put(3);
        storing.ask();
        assertThat(archive.calls.take()).isEqualTo("f3");

        storing.close();

        storing.require();
        assertThat(spool.batches()).isEmpty();
        assertThat(storing.stored()).isEqualTo(2);
        assertThat(storing.files()).isEqualTo(3);
    }

    @Test
    void anArchiveThatIsNotThereOrFullIsTriedAgainAfterAWhile() throws InterruptedException {
        spool.put(2);
        archive.failure = ErrorCode.NO_SPACE.because("of the test");
        try (var storing = new LogStoring<>(archive, spool, time)) {
            assertThat(archive.calls.take()).isEqualTo("failed");
            archive.failure = ErrorCode.APPLICATION_UNREACHABLE.because("of the test");
            String next = null;
            while (next == null) {
                time.sleep(Duration.ofSeconds(6));
                storing.ask();
                next = archive.calls.poll(10, java.util.concurrent.TimeUnit.MILLISECONDS);
            }
            assertThat(next).isEqualTo("failed");
            storing.require();
            assertThat(storing.stored()).isNull();
            archive.failure = null;
            while (storing.files() == 0) {
                time.sleep(Duration.ofSeconds(6));
                storing.ask();
            }
            assertThat(storing.stored()).isEqualTo(2);
        }
        assertThat(spool.batches()).isEmpty();
    }

    @Test
    void whatKeepsItFromStoringForGoodIsToldAndWhatWaitsStays() throws InterruptedException {
        spool.put(2);
        archive.failure = ErrorCode.APPLICATION_LOG_CONFLICT.because("of the test");
        var storing = new LogStoring<>(archive, spool, time);
        assertThat(archive.calls.take()).isEqualTo("failed");
        storing.close();

        assertThatThrownBy(storing::require)
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failed -> assertThat(failed.code()).isEqualTo(ErrorCode.APPLICATION_LOG_CONFLICT));
        assertThat(spool.batches()).hasSize(1);
    }

    @Test
    void atItsEndItStoresWhatWaitsAndForAnArchiveThatHangsItDoesNotWait() throws InterruptedException {
        var storing = new LogStoring<>(archive, spool, time);
        spool.put(4);
        storing.close();
        assertThat(storing.files()).isEqualTo(1);
        spool.put(6);
        archive.held = new CountDownLatch(1);
        archive.calls.clear();

        var hanging = new LogStoring<>(archive, spool, time, Duration.ofMillis(20));
        assertThat(archive.calls.take()).isEqualTo("f6");
        hanging.close();

        assertThat(hanging.files()).isZero();
        assertThat(spool.batches()).hasSize(1);
    }

    @Test
    void anInterruptionOfItsEndIsKept() throws InterruptedException {
        spool.put(2);
        archive.held = new CountDownLatch(1);
        var storing = new LogStoring<>(archive, spool, time);
        assertThat(archive.calls.take()).isEqualTo("f2");

        Thread.currentThread().interrupt();
        storing.close();

        assertThat(Thread.interrupted()).isTrue();
    }
}
