package org.medbackup.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The kernel's own quota: version 1 on this kernel where it has that, both on a fake that keeps the documented rules. */
class ProcessorQuotaTest {

    private static final long SELF = 70;
    private static final Path ROOT = FakeControlGroups.ROOT;

    private static ProcessorQuota quota(FakeControlGroups kernel) {
        return ProcessorQuota.of(SELF, kernel).orElseThrow();
    }

    private static Optional<ProcessorQuota> refused(FakeControlGroups kernel) {
        Path before = kernel.groupOf(SELF);
        Optional<ProcessorQuota> none = ProcessorQuota.of(SELF, kernel);
        assertThat(kernel.groupOf(SELF)).isEqualTo(before);
        assertThat(kernel.groups()).noneMatch(path -> path.endsWith("medbackup-" + SELF));
        return none;
    }

    @Test
    void inVersionOneAProcessGetsAGroupBesideOthersAndGoesBack() throws IOException {
        var kernel = FakeControlGroups.first("/batch", SELF);
        Path parent = ROOT.resolve("cpu/batch");
        Path group = parent.resolve("medbackup-70");
        try (ProcessorQuota quota = quota(kernel)) {
            assertThat(kernel.groupOf(SELF)).isEqualTo(group);
            assertThat(kernel.read(group.resolve("cpu.shares"))).isEqualTo("110");
            assertThat(kernel.read(group.resolve("cpu.cfs_quota_us"))).isEqualTo("-1");

            assertThat(quota.limit(500_000_000)).isTrue();
            assertThat(kernel.read(group.resolve("cpu.cfs_quota_us"))).isEqualTo("49750");
            assertThat(kernel.read(group.resolve("cpu.cfs_burst_us"))).isEqualTo("9950");
            assertThat(kernel.read(group.resolve("cpu.cfs_period_us"))).isEqualTo("100000");

            assertThat(quota.limit(1)).isTrue();
            assertThat(kernel.read(group.resolve("cpu.cfs_quota_us"))).isEqualTo("1000");

            assertThat(quota.limit(ProcessorQuota.NONE)).isTrue();
            assertThat(quota.background(false)).isTrue();
            assertThat(kernel.read(group.resolve("cpu.cfs_quota_us"))).isEqualTo("-1");
            assertThat(kernel.read(group.resolve("cpu.shares"))).isEqualTo("1024");
        }
        assertThat(kernel.groupOf(SELF)).isEqualTo(parent);
        assertThat(kernel.groups()).doesNotContain(group);
    }

    @Test
    void inVersionTwoTheGroupPassesProcessorsOnToItsChildren() throws IOException {
        Path parent = ROOT.resolve("system.slice/medbackup.service");
        var kernel = FakeControlGroups.second("/system.slice/medbackup.service", SELF)
                .managed(parent);
        Path group = parent.resolve("medbackup-70");
        try (ProcessorQuota quota = quota(kernel)) {
            assertThat(kernel.read(group.resolve("cpu.weight"))).isEqualTo("10");
            assertThat(quota.limit(2_500_000_000L)).isTrue();
            assertThat(kernel.read(group.resolve("cpu.max"))).isEqualTo("248750 100000");
            assertThat(kernel.read(group.resolve("cpu.max.burst"))).isEqualTo("49750");
            assertThat(quota.background(false)).isTrue();
            assertThat(kernel.read(group.resolve("cpu.weight"))).isEqualTo("100");
        }

        // Nobody may go back there; it is without a quota, and the next one removes it.
        assertThat(kernel.read(group.resolve("cpu.max"))).isEqualTo("max 100000");
        kernel.end(SELF);
        var next = kernel.with(71, parent.resolve("other"));
        assertThat(ProcessorQuota.of(71, next)).isPresent();
        assertThat(kernel.groups()).doesNotContain(group).contains(parent.resolve("medbackup-71"));
    }

    @Test
    void aServiceThatWasPutIntoAGroupOfItsOwnMakesAnotherBesideThat() throws IOException {
        Path parent = ROOT.resolve("system.slice/medbackup.service");
        var kernel = FakeControlGroups.second("/system.slice/medbackup.service/main", SELF)
                .managed(parent);
        kernel.make(parent);

        try (ProcessorQuota quota = quota(kernel)) {
            assertThat(quota.limit(1_000_000_000)).isTrue();
        }

        assertThat(kernel.groups()).contains(parent.resolve("medbackup-70"));
    }

    @Test
    void whatIsNotDelegatedIsLeftAlone() throws IOException {
        Path elsewhere = ROOT.resolve("elsewhere");
        assertThat(refused(FakeControlGroups.second("/user.slice", SELF).managed(elsewhere)))
                .isEmpty();
        assertThat(refused(FakeControlGroups.second("/", SELF).managed(elsewhere)))
                .isEmpty();
        assertThat(refused(FakeControlGroups.first("/", SELF).managed(elsewhere)))
                .isEmpty();
        assertThat(refused(FakeControlGroups.first("/batch", SELF).readOnly(ROOT.resolve("cpu/batch"))))
                .isEmpty();
    }

    @Test
    void theServiceManagersMarkIsLookedForInItsOwnHierarchy() throws IOException {
        var kernel = FakeControlGroups.first("/system.slice/medbackup.service", SELF)
                .managed(ROOT.resolve("systemd/system.slice/medbackup.service"));

        assertThat(ProcessorQuota.of(SELF, kernel)).isPresent();
    }

    @Test
    void whereOthersAreInTheGroupItselfVersionTwoHasNone() throws IOException {
        var kernel = FakeControlGroups.second("/shared", SELF).with(71, ROOT.resolve("shared"));

        assertThat(refused(kernel)).isEmpty();
    }

    @Test
    void aKernelWithoutTheControllerHasNone() throws IOException {
        assertThat(refused(FakeControlGroups.second("/a", SELF).saying(""))).isEmpty();
        assertThat(refused(FakeControlGroups.second("/a", SELF).saying("0::/gone\n")))
                .isEmpty();
        var without = FakeControlGroups.second("/a", SELF);
        without.write(ROOT.resolve("a/cgroup.controllers"), "memory io");
        assertThat(refused(without)).isEmpty();
    }

    @Test
    void whatTheKernelRefusesIsSaid() throws IOException {
        try (ProcessorQuota quota = quota(FakeControlGroups.first("/", SELF).refusing("cpu.cfs_quota_us"))) {
            assertThat(quota.limit(1_000_000_000)).isFalse();
        }
        var kernel = FakeControlGroups.first("/", SELF);
        try (ProcessorQuota quota = quota(kernel)) {
            kernel.refusing("cpu.shares");
            assertThat(quota.background(false)).isFalse();
        }
        assertThat(refused(FakeControlGroups.first("/", SELF).refusing("cpu.shares")))
                .isEmpty();
    }

    @Test
    void aKernelThatLeavesNothingForLaterHasAQuotaToo() throws IOException {
        var kernel = FakeControlGroups.first("/", SELF).refusing("cpu.cfs_burst_us");
        try (ProcessorQuota quota = quota(kernel)) {
            assertThat(quota.limit(1_000_000_000)).isTrue();
            assertThat(kernel.read(ROOT.resolve("cpu/medbackup-70/cpu.cfs_quota_us")))
                    .isEqualTo("99500");
        }
    }

    @Test
    void whatAChildHasKeptFromGoingGoesWithTheNextOneOfTheSameProcess() throws IOException {
        var kernel = FakeControlGroups.first("/", SELF);
        Path group = ROOT.resolve("cpu/medbackup-70");
        ProcessorQuota first = quota(kernel);
        kernel.with(700, group);
        first.close();
        assertThat(kernel.groups()).contains(group);
        assertThat(ProcessorQuota.of(SELF, kernel)).isEmpty();
        kernel.end(700);

        try (ProcessorQuota _ = quota(kernel)) {
            assertThat(kernel.groupOf(SELF)).isEqualTo(group);
        }
        assertThat(kernel.groups()).doesNotContain(group);
    }

    @Test
    void whatHasLeftSomethingRunningIsNotRemoved() throws IOException {
        Path left = ROOT.resolve("cpu/medbackup-69");
        var kernel = FakeControlGroups.first("/", SELF).with(700, left);

        try (ProcessorQuota _ = quota(kernel)) {
            assertThat(kernel.groups()).contains(left);
        }
    }

    /** User and system time in hundredths of a second, by proc_pid_stat(5). */
    private static long ticks(long process) throws IOException {
        String fields = Files.readString(Path.of("/proc/" + process + "/stat"));
        String[] after = fields.substring(fields.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(after[11]) + Long.parseLong(after[12]);
    }

    @Test
    void theKernelHoldsAProcessThatOnlyCountsToIt() throws Exception {
        Process counting = new ProcessBuilder("sh", "-c", "while :; do :; done").start();
        try {
            Optional<ProcessorQuota> made = ProcessorQuota.of(counting.pid());
            assumeThat(made).as("a cpu controller that this process may use").isPresent();
            try (ProcessorQuota quota = made.get()) {
                assertThat(quota.limit(100_000_000)).isTrue();
                long before = ticks(counting.pid());
                long begun = System.nanoTime();
                Thread.sleep(Duration.ofSeconds(1));
                double used = (ticks(counting.pid()) - before) / 100.0;
                double took = (System.nanoTime() - begun) / 1e9;

                // A tenth of a processor; ticks and periods are a hundredth and a tenth of a second long.
                assertThat(used).isLessThan(took * 0.1 + 0.05);
            }
            assertThat(Files.readString(Path.of("/proc/" + counting.pid() + "/cgroup")))
                    .doesNotContain("medbackup-");
        } finally {
            counting.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }
}
