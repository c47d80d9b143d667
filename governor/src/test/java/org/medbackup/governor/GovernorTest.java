package org.medbackup.governor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.medbackup.core.error.CancelledException;
import org.medbackup.core.error.UsageException;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.core.spi.throttle.Throttle.Demand;
import org.medbackup.core.spi.throttle.Throttle.Resource;

/** With real threads on this machine's clock: what never may be too much is held against it, what may be slow is not. */
@Timeout(60)
class GovernorTest {

    private static final long SECOND = 1_000_000_000;

    private record Use(long at, long amount) {}

    /** Uses as much as it may for a while, and writes down when. */
    private static List<Use> use(Throttle throttle, Resource resource, Duration span) {
        List<Use> uses = new ArrayList<>();
        long end = System.nanoTime() + span.toNanos();
        while (System.nanoTime() < end) {
            try (Throttle.Permit permit = throttle.acquire(Demand.of(resource, 1 << 20))) {
                uses.add(new Use(System.nanoTime(), permit.amount()));
                permit.commit(permit.amount());
            }
        }
        return uses;
    }

    private static long fullest(List<Use> uses) {
        var sorted = new ArrayList<>(uses);
        sorted.sort(java.util.Comparator.comparingLong(Use::at));
        long most = 0;
        long sum = 0;
        int first = 0;
        for (Use last : sorted) {
            sum += last.amount;
            while (last.at - sorted.get(first).at >= SECOND) {
                sum -= sorted.get(first++).amount;
            }
            most = Math.max(most, sum);
        }
        return most;
    }

    private static List<Use> byThreads(int threads, Throttle throttle, Resource resource, Duration span)
            throws InterruptedException, ExecutionException {
        List<Use> all = new ArrayList<>();
        try (var pool = Executors.newFixedThreadPool(threads)) {
            List<Future<List<Use>>> tasks = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                tasks.add(pool.submit(() -> use(throttle, resource, span)));
            }
            for (Future<List<Use>> task : tasks) {
                all.addAll(task.get());
            }
        }
        return all;
    }

    private static long total(List<Use> uses) {
        return uses.stream().mapToLong(Use::amount).sum();
    }

    @Test
    void noSecondIsAboveTheLimitHoweverManyThreadsThereAre() throws Exception {
        long limit = 50_000_000;
        Governor governor = Governor.of(Limits.parse(List.of("network.egress=50MB/s")));
        try (GovernedJob job = governor.open(WorkClass.FULL, Limits.none())) {
            List<Use> uses = byThreads(4, job, Resource.NETWORK_EGRESS, Duration.ofMillis(2500));

            assertThat(fullest(uses)).isLessThanOrEqualTo(limit);
            // At the very least: a machine that is busy with other things gives us little time.
            assertThat(total(uses)).isGreaterThan(limit / 2);
            assertThat(job.used(Resource.NETWORK_EGRESS)).isEqualTo(total(uses));
            assertThat(job.waited(Resource.NETWORK_EGRESS)).isPositive();
            assertThat(governor.usage()).anySatisfy(usage -> {
                assertThat(usage.name()).isEqualTo("network.egress");
                assertThat(usage.limit()).isEqualTo(limit);
                assertThat(usage.usage()).isBetween(1L, limit);
                assertThat(usage.highest()).isBetween(0.01, 1.0);
                assertThat(usage.limitedBy()).isEqualTo("limit");
            });
        }
    }

    @Test
    void twoJobsShareTheHostsLimitAndEachKeepsItsOwn() throws Exception {
        Governor governor = Governor.of(Limits.parse(List.of("disk.read=20MB/s")));
        try (GovernedJob one = governor.open(WorkClass.FULL, Limits.parse(List.of("disk.read=2MB/s")));
                GovernedJob other = governor.open(WorkClass.INCREMENTAL, Limits.none());
                var pool = Executors.newFixedThreadPool(2)) {
            Future<List<Use>> slow = pool.submit(() -> use(one, Resource.DISK_READ, Duration.ofMillis(1500)));
            Future<List<Use>> fast = pool.submit(() -> use(other, Resource.DISK_READ, Duration.ofMillis(1500)));
            List<Use> both = new ArrayList<>(slow.get());
            both.addAll(fast.get());

            assertThat(fullest(slow.get())).isLessThanOrEqualTo(2_000_000);
            assertThat(fullest(both)).isLessThanOrEqualTo(20_000_000);
            assertThat(total(fast.get())).isGreaterThan(2 * total(slow.get()));
            assertThat(slow.get())
                    .allSatisfy(use ->
                            assertThat(use.amount() % Throttle.DISK_BLOCK).isZero());
        }
    }

    @Test
    void aRestoreIsExemptFromTheHostsLimitsAndKeepsItsOwn() {
        Governor governor = Governor.of(Limits.parse(List.of("disk.write=pause")));
        try (GovernedJob restore = governor.open(WorkClass.RESTORE, Limits.none());
                GovernedJob limited = governor.open(
                        WorkClass.RESTORE, Limits.parse(List.of("disk.write=4MB/s", "disk.write.iops=1000")))) {
            assertThat(total(use(restore, Resource.DISK_WRITE, Duration.ofMillis(50))))
                    .isGreaterThan(4 << 20);
            assertThat(fullest(use(limited, Resource.DISK_WRITE, Duration.ofMillis(1200))))
                    .isLessThanOrEqualTo(4_000_000);
        }
    }

    private static long processors(Governor governor) {
        return governor.usage().stream()
                .filter(usage -> usage.name().equals("cpu"))
                .findFirst()
                .orElseThrow()
                .limit();
    }

    @Test
    void aRestoreIsExemptFromProcessorTimeOfTheHostUntilItIsSetForIt() throws Exception {
        Governor governor = Governor.of(Limits.none());
        governor.rule("configuration", Limits.parse(List.of("cpu=pause")));
        Demand demand = Demand.of(Resource.DISK_WRITE, 8192);
        try (GovernedJob restore = governor.open(WorkClass.RESTORE, Limits.none());
                var pool = Executors.newFixedThreadPool(1)) {
            assertThat(processors(governor)).isEqualTo(Limits.NONE);
            try (GovernedJob backup = governor.open(WorkClass.FULL, Limits.none())) {
                Future<Long> waits = pool.submit(() -> backup.acquire(demand).amount());
                assertThat(restore.acquire(demand).amount()).isEqualTo(8192);
                assertThat(processors(governor)).isZero();
                assertThat(waits).isNotDone();
                waits.cancel(true);
            }
            governor.set(Limits.parse(List.of("cpu=pause")));
            Future<Long> waits = pool.submit(() -> restore.acquire(demand).amount());
            Thread.sleep(100);
            assertThat(waits).isNotDone();
            waits.cancel(true);
        }
    }

    @Test
    void aLimitThatIsChangedReachesWhoWaitsAlready() throws Exception {
        Governor governor = Governor.of(Limits.parse(List.of("disk.read=pause")));
        try (GovernedJob job = governor.open(WorkClass.FULL, Limits.none());
                var pool = Executors.newFixedThreadPool(1)) {
            var waits = new CountDownLatch(1);
            Future<Long> amount = pool.submit(() -> {
                waits.countDown();
                try (Throttle.Permit permit = job.acquire(Demand.of(Resource.DISK_READ, 8192))) {
                    return permit.amount();
                }
            });
            waits.await();
            Thread.sleep(20);
            assertThat(amount.isDone()).isFalse();

            governor.set(Limits.parse(List.of("disk.read=none")));

            assertThat(amount.get(10, TimeUnit.SECONDS)).isBetween(4096L, 8192L);
            assertThat(governor.limits().isEmpty()).isTrue();
        }
    }

    @Test
    void whatIsSetWhileAJobRunsReplacesItsOwnLimit() {
        Governor governor = Governor.of(Limits.none());
        try (GovernedJob backup = governor.open(WorkClass.FULL, Limits.parse(List.of("disk.read=64kB/s")));
                GovernedJob restore = governor.open(
                        WorkClass.RESTORE, Limits.parse(List.of("disk.write=64kB/s", "disk.write./dev/sda=pause")))) {
            governor.set(Limits.parse(List.of("disk.read=500MB/s", "disk.write=700MB/s", "disk.write./dev/sda=none")));

            assertThat(total(use(backup, Resource.DISK_READ, Duration.ofMillis(300))))
                    .isGreaterThan(10_000_000);
            assertThat(total(use(restore, Resource.DISK_WRITE, Duration.ofMillis(300))))
                    .isGreaterThan(10_000_000);
        }
    }

    @Test
    void aRuleMakesLimitsStricterAndNeverWider() {
        Governor governor = Governor.of(Limits.parse(List.of("disk.read=40MB/s")));

        governor.rule("clinic-hours", Limits.parse(List.of("disk.read=8MB/s", "cpu=0.5")));
        assertThat(governor.limits()).hasToString("cpu=0.5 disk.read=8MB/s");
        governor.rule("night", Limits.parse(List.of("disk.read=80MB/s")));
        assertThat(governor.limits()).hasToString("cpu=0.5 disk.read=8MB/s");
        governor.rule("clinic-hours", Limits.none());

        assertThat(governor.limits()).hasToString("disk.read=40MB/s");
        assertThatThrownBy(() -> governor.rule("limit", Limits.none())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theRuleThatLimitsNowIsNamed() {
        Governor governor = Governor.of(Limits.parse(List.of("disk.read=40MB/s")));
        governor.rule("clinic-hours", Limits.parse(List.of("disk.read=1MB/s")));
        try (GovernedJob job = governor.open(WorkClass.FULL, Limits.none())) {
            use(job, Resource.DISK_READ, Duration.ofMillis(100));

            assertThat(governor.usage())
                    .filteredOn(usage -> "clinic-hours".equals(usage.limitedBy()))
                    .extracting(Governor.Usage::name)
                    .contains("disk.read");
        }
        governor.rule("clinic-hours", Limits.none());
        try (GovernedJob job = governor.open(WorkClass.FULL, Limits.parse(List.of("network.ingress=64kB/s")))) {
            use(job, Resource.NETWORK_INGRESS, Duration.ofMillis(100));

            assertThat(governor.usage())
                    .filteredOn(usage -> usage.name().equals("network.ingress"))
                    .singleElement()
                    .satisfies(usage -> assertThat(usage.limitedBy()).isEqualTo("job"));
        }
    }

    @Test
    void aDiskHasALimitOfItsOwn() {
        Governor governor = Governor.of(Limits.parse(List.of("disk.read./dev/sda=1MB/s", "disk.read.iops./dev/sda=9")));
        try (GovernedJob job = governor.open(WorkClass.FULL, Limits.none())) {
            assertThat(total(use(job, Resource.DISK_READ, Duration.ofMillis(50))))
                    .isGreaterThan(4 << 20);
            assertThat(governor.usage()).extracting(Governor.Usage::name).contains("disk.read./dev/sda");
        }
    }

    @Test
    void ofADiskOnlySoManyOperationsAreUnderWayAtOnceWhateverJobTheyAreOf() throws Exception {
        Governor governor = Governor.simulated(
                org.medbackup.governor.internal.Pause.system(),
                org.medbackup.governor.internal.CpuClock.system(),
                device -> device == 1 ? "sda" : "sdb");
        governor.set(Limits.parse(List.of("disk.read.concurrency./dev/sda=2", "disk.read.concurrency=3")));
        Demand ofOne = new Demand(Resource.DISK_READ, 4096, 1);
        Demand ofOther = new Demand(Resource.DISK_READ, 4096, 2);
        try (GovernedJob one = governor.open(WorkClass.FULL, Limits.none());
                GovernedJob other = governor.open(WorkClass.MAINTENANCE, Limits.none());
                var pool = Executors.newCachedThreadPool()) {
            Throttle.Permit first = one.acquire(ofOne);
            Throttle.Permit second = other.acquire(ofOne);
            Future<Throttle.Permit> third = pool.submit(() -> other.acquire(ofOne));
            Throttle.Permit elsewhere = one.acquire(ofOther);
            Future<Throttle.Permit> fourth = pool.submit(() -> one.acquire(ofOther));

            Governor.Usage disk = awaitWaiting(governor, "disk.read.concurrency./dev/sda");
            assertThat(disk.limit()).isEqualTo(2);
            assertThat(disk.usage()).isEqualTo(2);
            assertThat(awaitWaiting(governor, "disk.read.concurrency").usage()).isEqualTo(3);
            assertThat(third.isDone() || fourth.isDone()).isFalse();

            first.commit(4096);
            first.close();
            elsewhere.close();
            third.get().close();
            second.close();
            fourth.get().close();
            assertThat(governor.used(Resource.DISK_READ)).isEqualTo(4096);
        }
    }

    private static Governor.Usage awaitWaiting(Governor governor, String name) {
        while (true) {
            for (Governor.Usage usage : governor.usage()) {
                if (usage.name().equals(name) && usage.limitedBy() != null) {
                    return usage;
                }
            }
            Thread.onSpinWait();
        }
    }

    @Test
    void anIncrementalBackupWithNothingToBuildOnIsAFullOne() throws Exception {
        Governor governor = Governor.of(Limits.parse(List.of("disk.read=20MB/s")));
        governor.weigh(WorkClass.FULL, 1);
        governor.weigh(WorkClass.INCREMENTAL, 9);
        try (GovernedJob first = governor.open(WorkClass.INCREMENTAL, Limits.none());
                GovernedJob next = governor.open(WorkClass.INCREMENTAL, Limits.none());
                GovernedJob restore = governor.open(WorkClass.RESTORE, Limits.none());
                var pool = Executors.newFixedThreadPool(8)) {
            first.acquire(Demand.of(Resource.DISK_READ, 4096)).close();
            first.first();
            restore.first();
            assertThat(List.of(first.work(), next.work(), restore.work()))
                    .containsExactly(WorkClass.FULL, WorkClass.INCREMENTAL, WorkClass.RESTORE);
            List<Future<List<Use>>> uses = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                for (GovernedJob job : List.of(first, next)) {
                    uses.add(pool.submit(() -> use(job, Resource.DISK_READ, Duration.ofSeconds(1))));
                }
            }
            for (Future<List<Use>> use : uses) {
                use.get();
            }

            // A ninth, where each always wants some.
            assertThat(first.used(Resource.DISK_READ)).isBetween(1L, next.used(Resource.DISK_READ) / 3);
        }
    }

    @Test
    void aJobsOwnLimitOfOperationsAtOnceIsItsOwn() {
        Governor governor = Governor.of(Limits.none());
        Limits own = Limits.parse(List.of("disk.write.concurrency=1"));
        Demand demand = Demand.of(Resource.DISK_WRITE, 4096);
        try (GovernedJob one = governor.open(WorkClass.FULL, own);
                GovernedJob other = governor.open(WorkClass.FULL, own)) {
            try (Throttle.Permit first = one.acquire(demand);
                    Throttle.Permit second = other.acquire(demand)) {
                assertThat(first.amount() + second.amount()).isEqualTo(8192);
                Thread.currentThread().interrupt();
                assertThatThrownBy(() -> one.acquire(demand)).isInstanceOf(CancelledException.class);
                assertThat(Thread.interrupted()).isTrue();
            }
            one.acquire(demand).close();
        }
    }

    @Test
    void aFullLimitIsNamedAsLimitsAreWrittenAndByItsRuleWhereItIsItsOwn() {
        Governor governor = Governor.simulated(
                org.medbackup.governor.internal.Pause.system(),
                org.medbackup.governor.internal.CpuClock.system(),
                device -> "sda");
        governor.set(Limits.parse(List.of("disk.read=40MB/s", "disk.read.iops=2", "disk.write./dev/sda=1MB/s")));
        governor.rule("window clinic-hours", Limits.parse(List.of("disk.write.iops./dev/sda=2")));
        try (GovernedJob job = governor.open(WorkClass.FULL, Limits.none())) {
            var limitedBy = new java.util.TreeMap<String, String>();
            // What held somebody back is said for a second; a machine that stands still for longer is asked again.
            for (int round = 0; round < 5 && limitedBy.size() < 4; round++) {
                for (int i = 0; i < 3; i++) {
                    job.acquire(Demand.of(Resource.DISK_READ, 4096)).commit(4096);
                    job.acquire(new Demand(Resource.DISK_WRITE, 4096, 8)).commit(4096);
                }
                limitedBy.clear();
                governor.usage().stream()
                        .filter(usage -> usage.limitedBy() != null)
                        .forEach(usage -> limitedBy.put(usage.name(), usage.limitedBy()));
            }
            assertThat(limitedBy)
                    .containsEntry("disk.read", "disk.read.iops")
                    .containsEntry("disk.read.iops", "limit")
                    .containsEntry("disk.write", "disk.write.iops./dev/sda")
                    .containsEntry("disk.write.iops./dev/sda", "window clinic-hours")
                    .hasSize(4);
        }
    }

    @Test
    void aSnapshotTellsWhatMetricsWantAndChangesNothing() {
        Governor governor = Governor.of(Limits.parse(List.of("disk.read=2MB/s", "cpu=1.5")));
        // Of a process that does no job of anybody nothing is expected.
        assertThat(governor.snapshot().of(Resource.CPU).ceiling()).isEqualTo(Limits.NONE);
        assertThat(governor.snapshot().of(Resource.DISK_READ).ceiling()).isEqualTo(Limits.NONE);
        governor.rule("window night", Limits.parse(List.of("disk.read=1MB/s")));
        try (GovernedJob job = governor.open(WorkClass.FULL, Limits.parse(List.of("network.egress=9MB/s")))) {
            use(job, Resource.DISK_READ, Duration.ofMillis(1200));
            Throttle.Permit open = job.acquire(Demand.of(Resource.DISK_READ, 4096));

            GovernorSnapshot.Account read = governor.snapshot().of(Resource.DISK_READ);
            assertThat(read.limit()).isEqualTo(1_000_000);
            assertThat(read.ceiling()).isEqualTo(1_000_000);
            assertThat(read.total()).isEqualTo(job.used(Resource.DISK_READ)).isEqualTo(read.byAll());
            assertThat(read.highest()).isBetween(0.01, 1.0);
            assertThat(read.waitedNanos()).isEqualTo(job.waited(Resource.DISK_READ));
            assertThat(read.inFlight()).isEqualTo(4096);
            assertThat(read.reason()).isEqualTo("window night");
            open.close();
            assertThat(governor.snapshot().of(Resource.DISK_READ).highest()).isEqualTo(read.highest());
            assertThat(governor.snapshot().of(Resource.DISK_READ).inFlight()).isZero();
            assertThat(governor.snapshot().of(Resource.NETWORK_EGRESS).reason()).isEqualTo("job");
            assertThat(governor.snapshot().of(Resource.NETWORK_EGRESS).ceiling())
                    .isEqualTo(9_000_000);
            assertThat(governor.snapshot().of(Resource.DISK_WRITE).reason()).isNull();
            assertThat(governor.snapshot().of(Resource.CPU).ceiling())
                    .isEqualTo(governor.snapshot().of(Resource.CPU).limit())
                    .isEqualTo(1_500_000_000);
            assertThat(governor.snapshot().accounts()).hasSize(Resource.values().length);
        }
    }

    @Test
    void whoWaitsCanBeInterrupted() throws Exception {
        Governor governor = Governor.of(Limits.parse(List.of("disk.read=pause")));
        try (GovernedJob job = governor.open(WorkClass.FULL, Limits.none())) {
            var failure = new java.util.concurrent.CompletableFuture<Throwable>();
            Thread waiting = Thread.ofPlatform().start(() -> {
                try (Throttle.Permit permit = job.acquire(Demand.of(Resource.DISK_READ, 1))) {
                    failure.complete(new AssertionError("granted " + permit.amount()));
                } catch (CancelledException cancelled) {
                    failure.complete(cancelled);
                }
            });
            Thread.sleep(20);
            waiting.interrupt();

            assertThat(failure.get(10, TimeUnit.SECONDS)).isInstanceOf(CancelledException.class);
            governor.set(Limits.none());
        }
    }

    @Test
    void whatWasNotUsedIsGivenBack() {
        Governor governor = Governor.of(Limits.parse(List.of("network.egress=64kB/s")));
        try (GovernedJob job = governor.open(WorkClass.FULL, Limits.none())) {
            for (int i = 0; i < 1000; i++) {
                try (Throttle.Permit permit = job.acquire(Demand.of(Resource.NETWORK_EGRESS, 4096))) {
                    assertThat(permit.amount()).isPositive();
                }
            }
            assertThat(job.used(Resource.NETWORK_EGRESS)).isZero();
        }
    }

    @Test
    void processorTimeIsAskedForLikeTheRest() {
        Governor governor = Governor.of(Limits.none());
        try (GovernedJob job = governor.open(WorkClass.MAINTENANCE, Limits.none());
                Throttle.Permit permit = job.acquire(Demand.of(Resource.CPU, 200_000))) {
            assertThat(permit.amount()).isEqualTo(200_000);
            assertThat(job.used(Resource.CPU)).isZero();
            assertThat(job.waited(Resource.CPU)).isZero();
        }
    }

    @Test
    void buffersHaveWhatTheHeapLeavesOfTheMemoryAndALimitBelowThatIsRefused() {
        Governor governor = Governor.of(Limits.none());
        long heap = Runtime.getRuntime().maxMemory();
        long code = 80L << 20;
        long buffers = 100L << 20;
        String enough = "memory=" + (heap + code + buffers) + "B";
        try (GovernedJob job = governor.open(WorkClass.INCREMENTAL, Limits.parse(List.of(enough)))) {
            assertThat(governor.buffers()).isEqualTo(buffers);
            Throttle.Room room = job.room(60L << 20);
            assertThat(job.roomNow(60L << 20)).isNull();
            assertThat(governor.usage()).anySatisfy(usage -> {
                assertThat(usage.name()).isEqualTo("memory");
                assertThat(usage.limit()).isEqualTo(heap + code + buffers);
                assertThat(usage.usage()).isEqualTo(heap + code + (60L << 20));
                assertThat(usage.highest()).isBetween(0.1, 1.0);
            });
            room.close();
            String little = "memory=" + (heap + code + (20L << 20)) + "B";
            assertThatThrownBy(() -> governor.set(Limits.parse(List.of(little))))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("with its heap this process needs");
            assertThatThrownBy(() -> governor.rule("window", Limits.parse(List.of(little))))
                    .isInstanceOf(UsageException.class);
            assertThatThrownBy(() -> governor.open(WorkClass.FULL, Limits.parse(List.of(little))))
                    .isInstanceOf(UsageException.class);
            assertThat(governor.buffers()).isEqualTo(buffers);
            governor.set(Limits.parse(List.of("memory=none")));
        }
        assertThat(governor.buffers()).isEqualTo(Limits.NONE);
    }

    @Test
    void whoDecidesByARuleSeesTheOtherRulesAndWhatIsUsed() {
        Governor governor = Governor.of(Limits.parse(List.of("disk.read=9MB/s")));
        governor.rule("window", Limits.parse(List.of("disk.read=5MB/s")));
        governor.rule("adaptive", Limits.parse(List.of("disk.read=1MB/s")));
        assertThat(governor.limitsWithout("adaptive")).isEqualTo(Limits.parse(List.of("disk.read=5MB/s")));
        assertThat(governor.limits()).isEqualTo(Limits.parse(List.of("disk.read=1MB/s")));

        try (GovernedJob backup = governor.open(WorkClass.FULL, Limits.none());
                GovernedJob restore = governor.open(WorkClass.RESTORE, Limits.none())) {
            for (GovernedJob job : List.of(backup, restore)) {
                try (Throttle.Permit permit = job.acquire(Demand.of(Resource.DISK_READ, 4096))) {
                    permit.commit(4096);
                }
            }
        }
        assertThat(governor.used(Resource.DISK_READ)).isEqualTo(4096);
        assertThat(governor.snapshot().of(Resource.DISK_READ).total()).isEqualTo(8192);
        assertThat(governor.used(Resource.DISK_WRITE)).isZero();
        assertThat(governor.used(Resource.CPU)).isZero();
    }
}
