package org.medbackup.governor.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.core.spi.throttle.Throttle.Demand;
import org.medbackup.core.spi.throttle.Throttle.Resource;
import org.medbackup.corpus.Bytes;
import org.medbackup.governor.GovernedJob;
import org.medbackup.governor.Governor;
import org.medbackup.governor.LimitKind;
import org.medbackup.governor.LimitName;
import org.medbackup.governor.Limits;
import org.medbackup.governor.WorkClass;
import org.medbackup.linux.Fd;
import org.medbackup.testkit.ManualTime;

@Timeout(120)
class ObserverTest {

    private static final long MB = 1_000_000;

    @TempDir
    Path temp;

    private final ManualTime time = new ManualTime();
    private final List<Violation> violations = new ArrayList<>();

    /** A source that shows what a test says. */
    private static final class Shown implements UsageSource {
        private final Resource resource;
        private long total = 77;
        private boolean readable = true;

        private Shown(Resource resource) {
            this.resource = resource;
        }

        @Override
        public Resource resource() {
            return resource;
        }

        @Override
        public OptionalLong total() {
            return readable ? OptionalLong.of(total) : OptionalLong.empty();
        }

        @Override
        public long resolution() {
            return MB;
        }

        @Override
        public double share() {
            return 0.02;
        }
    }

    private static Limits limit(Resource resource, long amount) {
        var values = new java.util.TreeMap<LimitName, Long>();
        values.put(new LimitName(LimitKind.valueOf(resource.name())), amount);
        return new Limits(values);
    }

    private Observer observing(Governor governor, UsageSource source) {
        return Observer.stepped(governor, List.of(source), time, violations::add);
    }

    /** Eleven looks are a span of ten seconds. */
    private void span(Observer observer) {
        for (int look = 0; look < 10; look++) {
            time.advance(Duration.ofSeconds(1));
            observer.look();
        }
    }

    @ParameterizedTest
    @EnumSource(Resource.class)
    void moreThanTheLimitIsToldAndChargedAndAsMuchAsTheLimitIsNot(Resource resource) {
        Governor governor = Governor.of(limit(resource, 10 * MB));
        var source = new Shown(resource);
        try (GovernedJob job = governor.open(WorkClass.FULL, Limits.none());
                Observer observer = observing(governor, source)) {
            observer.look();
            source.total += 100 * MB;
            span(observer);
            source.total += 102 * MB;
            span(observer);
            assertThat(violations).isEmpty();

            source.total += 150 * MB;
            span(observer);

            assertThat(violations).singleElement().satisfies(violation -> {
                assertThat(violation.resource()).isEqualTo(resource);
                assertThat(violation.limit()).isEqualTo(10 * MB);
                assertThat(violation.over()).isEqualTo(Duration.ofSeconds(10));
                assertThat(violation.seen()).isEqualTo(150 * MB);
                // The real process uses processor time as well.
                assertThat(violation.charged()).isBetween(1L, 50 * MB);
                assertThat(violation.facts().open())
                        .containsEntry("resource", resource.name())
                        .containsEntry("limit", "10000000")
                        .containsEntry("seconds", "10.0")
                        .containsEntry("seen", "150000000");
            });
            source.total += 10 * MB;
            span(observer);
            assertThat(violations).hasSize(1);
            assertThat(job.used(resource)).isZero();
        }
    }

    @Test
    void whatIsChargedIsRepaid() {
        Governor governor = Governor.of(limit(Resource.NETWORK_EGRESS, 10 * MB));
        try (GovernedJob job = governor.open(WorkClass.FULL, Limits.none())) {
            governor.charge(Resource.NETWORK_EGRESS, 450 * 20_480);
            long begun = System.nanoTime();
            for (int i = 0; i < 100; i++) {
                job.acquire(Demand.of(Resource.NETWORK_EGRESS, 20_480)).commit(20_480);
            }

            // Two million bytes, of which one had room in the first second.
            assertThat(System.nanoTime() - begun).isGreaterThan(800_000_000);
            assertThat(governor.snapshot().of(Resource.NETWORK_EGRESS).byAll()).isEqualTo(550 * 20_480);
            assertThat(governor.snapshot().of(Resource.NETWORK_EGRESS).total()).isEqualTo(100 * 20_480);
        }
    }

    @Test
    void processorTimeThatIsChargedIsRepaid() {
        Governor governor = Governor.of(limit(Resource.CPU, 500 * MB));
        try (GovernedJob job = governor.open(WorkClass.FULL, Limits.none())) {
            governor.charge(Resource.CPU, 300 * MB);
            long begun = System.nanoTime();
            job.pass();

            assertThat(System.nanoTime() - begun).isGreaterThan(400_000_000);
            assertThat(governor.snapshot().of(Resource.CPU).waitedNanos()).isGreaterThan(400_000_000);
        }
    }

    @Test
    void aSpanWithoutALimitOrWithoutAJobOrThatCannotBeReadIsLeftOut() {
        Governor governor = Governor.of(limit(Resource.DISK_READ, MB));
        var source = new Shown(Resource.DISK_READ);
        try (Observer observer = observing(governor, source)) {
            observer.look();
            source.total += 900 * MB;
            span(observer);
            try (GovernedJob job = governor.open(WorkClass.FULL, Limits.none())) {
                observer.look();
                source.total += 900 * MB;
                governor.set(limit(Resource.DISK_READ, Limits.NONE));
                time.advance(Duration.ofSeconds(1));
                observer.look();
                governor.set(limit(Resource.DISK_READ, MB));
                span(observer);
                source.readable = false;
                span(observer);
                source.readable = true;
                source.total += 900 * MB;
                span(observer);
                assertThat(violations).isEmpty();

                source.total += 900 * MB;
                span(observer);
                assertThat(violations).hasSize(1);
                assertThat(job.used(Resource.DISK_READ)).isZero();
            }
        }
    }

    @Test
    void aLedgerThatLetTooMuchThroughIsFoundAndNothingIsChargedTwice() {
        Governor governor = Governor.of(limit(Resource.DISK_READ, 600 * MB));
        var source = new Shown(Resource.DISK_READ);
        try (GovernedJob job = governor.open(WorkClass.FULL, Limits.none());
                Observer observer = observing(governor, source)) {
            observer.look();
            while (job.used(Resource.DISK_READ) < 40 * MB) {
                job.acquire(Demand.of(Resource.DISK_READ, 1 << 20)).commit(1 << 20);
            }
            source.total += job.used(Resource.DISK_READ);
            // On the observer's clock no time has passed yet: as if it had never been allowed.
            governor.set(limit(Resource.DISK_READ, MB / 4));
            observer.look();
            span(observer);

            assertThat(violations).singleElement().satisfies(violation -> {
                assertThat(violation.counted()).isGreaterThanOrEqualTo(violation.seen());
                assertThat(violation.charged()).isZero();
            });
        }
    }

    @Test
    void whatARestoreUsesThatIsExemptIsNoViolation() {
        Governor governor = Governor.of(limit(Resource.DISK_WRITE, MB));
        var source = new Shown(Resource.DISK_WRITE);
        try (GovernedJob backup = governor.open(WorkClass.FULL, limit(Resource.DISK_WRITE, 2 * MB));
                Observer observer = observing(governor, source)) {
            assertThat(governor.snapshot().of(Resource.DISK_WRITE).ceiling()).isEqualTo(MB);
            try (GovernedJob restore = governor.open(WorkClass.RESTORE, Limits.none())) {
                observer.look();
                source.total += 900 * MB;
                span(observer);
                assertThat(violations).isEmpty();
                assertThat(restore.used(Resource.DISK_WRITE)).isZero();
            }
            try (GovernedJob limited = governor.open(WorkClass.RESTORE, limit(Resource.DISK_WRITE, 4 * MB))) {
                assertThat(governor.snapshot().of(Resource.DISK_WRITE).ceiling())
                        .isEqualTo(5 * MB);
                observer.look();
                source.total += 70 * MB;
                span(observer);
                assertThat(violations).hasSize(1);
                assertThat(limited.used(Resource.DISK_WRITE)).isZero();
            }
            assertThat(backup.used(Resource.DISK_WRITE)).isZero();
        }
    }

    /** Reads all of it from the disk: what of it was cached is dropped before. */
    private static void readCold(Path file, Throttle throttle) throws IOException {
        try (Fd dropped = Fd.CWD.open(file.toString().getBytes(StandardCharsets.UTF_8), Fd.READ)) {
            dropped.advise(0, 0, Fd.Advice.DONT_NEED);
        }
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            int read = 1;
            while (read > 0) {
                buffer.clear();
                try (Throttle.Permit permit = throttle.acquire(Demand.of(Resource.DISK_READ, buffer.capacity()))) {
                    buffer.limit((int) permit.amount());
                    read = channel.read(buffer);
                    permit.commit(Math.max(0, read));
                }
            }
        }
    }

    @Test
    void aReadThatGoesPastTheThrottleIsSeenByTheKernelsOwnCountAndAnHonestOneIsNot() throws IOException {
        int size = 24 << 20;
        Path file = Files.write(temp.resolve("image.dcm"), Bytes.random(1, size));
        try (FileChannel written = FileChannel.open(file, StandardOpenOption.WRITE)) {
            written.force(true);
        }
        Governor governor = Governor.of(limit(Resource.DISK_READ, 64 * MB));
        List<UsageSource> sources = Observer.sources().stream()
                .filter(source -> source.resource() == Resource.DISK_READ)
                .toList();
        assertThat(sources).hasSize(1);
        try (GovernedJob job = governor.open(WorkClass.FULL, Limits.none());
                Observer observer = Observer.stepped(governor, sources, time, violations::add)) {
            observer.look();
            readCold(file, job);
            span(observer);
            assertThat(violations).isEmpty();
            assertThat(job.used(Resource.DISK_READ)).isEqualTo(size);

            governor.set(limit(Resource.DISK_READ, MB));
            observer.look();
            readCold(file, Throttle.none());
            span(observer);
            readCold(file, Throttle.none());
            span(observer);

            assertThat(violations).isNotEmpty().allSatisfy(violation -> {
                assertThat(violation.seen()).isGreaterThanOrEqualTo(size);
                assertThat(violation.counted()).isZero();
                assertThat(violation.charged()).isGreaterThan(size - 11 * MB);
            });
            long begun = System.nanoTime();
            job.acquire(Demand.of(Resource.DISK_READ, 4096)).commit(4096);
            // The debt: it waits, and no longer than two seconds.
            assertThat(System.nanoTime() - begun).isGreaterThan(900_000_000);
        }
    }

    @Test
    void theThreadBeginsWithTheFirstLimitAndEndsWhenItIsClosed() throws Exception {
        Governor governor = Governor.of(Limits.none());
        var source = new Shown(Resource.DISK_READ);
        var seen = new CountDownLatch(1);
        // Each look takes no time, and a second passes at it.
        TimeSource quick = new TimeSource() {
            @Override
            public java.time.Instant now() {
                return time.now();
            }

            @Override
            public long nanos() {
                return time.nanos();
            }

            @Override
            public void sleep(Duration duration) {
                time.advance(duration);
                source.total += 50 * MB;
                TimeSource.system().sleep(Duration.ofMillis(1));
            }
        };
        try (Observer _ = Observer.start(governor, () -> List.of(source), quick, violation -> {
            seen.countDown();
            throw ErrorCode.STATE_UNUSABLE.because("the audit trail is full");
        })) {
            assertThat(observers()).isEmpty();
            governor.set(limit(Resource.DISK_READ, MB));
            assertThat(observers()).hasSize(1);
            try (GovernedJob job = governor.open(WorkClass.FULL, Limits.none())) {
                seen.await();
                assertThat(observers())
                        .as("whoever cannot be told does not end it")
                        .hasSize(1);
                assertThat(job.used(Resource.DISK_READ)).isZero();
            }
        }
        for (Thread left : observers()) {
            left.join(10_000);
        }
        assertThat(observers()).isEmpty();
        var late = Observer.start(Governor.of(Limits.none()), List::of, quick, violations::add);
        late.close();
    }

    @Test
    void oneThatIsClosedBeforeTheFirstLimitNeverBegins() {
        Governor governor = Governor.of(Limits.none());
        Observer.start(governor, Observer::sources, time, violations::add).close();
        governor.set(limit(Resource.CPU, 500 * MB));

        assertThat(observers()).isEmpty();
    }

    private static List<Thread> observers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("observer"))
                .toList();
    }
}
