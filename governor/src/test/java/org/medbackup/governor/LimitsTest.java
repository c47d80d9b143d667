package org.medbackup.governor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;

class LimitsTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "disk.read=40MB/s, DISK_READ, '', 40000000, disk.read=40MB/s",
        "disk.write=1.5MiB/s, DISK_WRITE, '', 1572864, disk.write=1572864B/s",
        "network.egress=20MB/s, NETWORK_EGRESS, '', 20000000, network.egress=20MB/s",
        "network.ingress=640kB/s, NETWORK_INGRESS, '', 640000, network.ingress=640kB/s",
        "network.ingress=2G/s, NETWORK_INGRESS, '', 2000000000, network.ingress=2GB/s",
        "network.ingress=2Ti/s, NETWORK_INGRESS, '', 2199023255552, network.ingress=2TiB/s",
        "cpu=0.5, CPU, '', 500000000, cpu=0.5",
        "cpu=2, CPU, '', 2000000000, cpu=2.0",
        "disk.read.iops=800, DISK_READ_IOPS, '', 800, disk.read.iops=800",
        "disk.read./dev/sda=80MB/s, DISK_READ, sda, 80000000, disk.read./dev/sda=80MB/s",
        "disk.write.iops./dev/nvme0n1=50, DISK_WRITE_IOPS, nvme0n1, 50, disk.write.iops./dev/nvme0n1=50",
        "disk.read=pause, DISK_READ, '', 0, disk.read=pause",
        "' cpu = 0.25 ', CPU, '', 250000000, cpu=0.25",
    })
    void aLimitIsReadAndWrittenAsAdministratorsWriteIt(
            String text, LimitKind kind, String device, long value, String written) {
        Limits limits = Limits.parse(List.of(text));

        assertThat(limits.of(new LimitName(kind, device))).hasValue(value);
        assertThat(limits.values()).containsOnlyKeys(new LimitName(kind, device));
        assertThat(limits).hasToString(written);
        assertThat(Limits.parse(limits.texts())).isEqualTo(limits);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "disk.read",
                "disk.read=",
                "disk.read=40MB",
                "disk.read=fast",
                "disk.read=-1MB/s",
                "disk.read=10B/s",
                "disk.write=1kB/s",
                "cpu=half",
                "cpu=0.001",
                "cpu=0",
                "memory=300MiB/s",
                "memory=pause",
                "memory=0MB",
                "disk.read.iops=0",
                "disk.read.iops=many",
                "tape=1MB/s",
                "network.egress./dev/sda=1MB/s",
                "disk.read./dev/../sda=1MB/s",
                "cpu./dev/sda=1",
                "=1MB/s",
            })
    void whatIsNoLimitIsRefusedAndTheRemedyShowsHowOneIsWritten(String text) {
        assertThatThrownBy(() -> Limits.parse(List.of(text))).isInstanceOfSatisfying(UsageException.class, refused -> {
            assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_LIMIT);
            assertThat(refused.code().remedy()).contains("disk.read=40MB/s");
        });
    }

    @Test
    void oneThingIsNotLimitedTwice() {
        assertThatThrownBy(() -> Limits.parse(List.of("cpu=1", "cpu=2"))).hasMessageContaining("twice");
    }

    @Test
    void changesTakeTheirPlaceAndNoneTakesALimitAway() {
        Limits limits = Limits.parse(List.of("cpu=1", "disk.read=40MB/s"));

        Limits changed = limits.changedBy(Limits.parse(List.of("cpu=none", "network.egress=1MB/s")));

        assertThat(changed).hasToString("disk.read=40MB/s network.egress=1MB/s");
        assertThat(changed.of(LimitKind.CPU)).isEmpty();
        assertThat(Limits.parse(List.of("cpu=none"))).hasToString("cpu=none");
        assertThat(Limits.none().isEmpty()).isTrue();
        assertThat(changed.isEmpty()).isFalse();
    }

    @Test
    void ofTwoTheStricterHolds() {
        Limits one = Limits.parse(List.of("cpu=1", "disk.read=40MB/s"));
        Limits other = Limits.parse(List.of("cpu=0.5", "disk.read=50MB/s", "disk.write=1GiB/s"));

        assertThat(one.strictest(other)).isEqualTo(other.strictest(one));
        assertThat(one.strictest(other)).hasToString("cpu=0.5 disk.read=40MB/s disk.write=1GiB/s");
    }

    @Test
    void kindsSayWhatTheyAreAsTheyAreWritten() {
        assertThat(LimitName.of("disk.read./dev/sda").text()).isEqualTo("disk.read./dev/sda");
        assertThat(LimitKind.DISK_READ_IOPS.text()).isEqualTo("disk.read.iops");
        assertThat(LimitKind.DISK_READ).hasToString("disk_read");
        assertThat(WorkClass.RESTORE.weight()).isGreaterThan(WorkClass.MAINTENANCE.weight());
    }
}
