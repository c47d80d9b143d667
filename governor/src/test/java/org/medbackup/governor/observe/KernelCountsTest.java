package org.medbackup.governor.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.spi.throttle.Throttle.Resource;
import org.medbackup.linux.CpuTime;

/** Files as kernels write them. */
class KernelCountsTest {

    private static final String IO = """
        rchar: 4096
        wchar: 17
        syscr: 10
        syscw: 1
        read_bytes: 1216512
        write_bytes: 8192
        cancelled_write_bytes: 4096
        """;
    private static final String STAT =
            "4711 (a) b 1 2) S 1 4711 4711 0 -1 4194304 1 0 0 0 7 3 9 9 20 0 4 0 99 1000 200\n";

    @TempDir
    Path temp;

    private void write(String name, String content) throws IOException {
        Path file = temp.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private Map<Resource, OptionalLong> totals() {
        var totals = new EnumMap<Resource, OptionalLong>(Resource.class);
        for (UsageSource source : Observer.sources(temp.resolve("self"), temp.resolve("groups"))) {
            totals.put(source.resource(), source.total());
            assertThat(source.resolution()).isPositive();
            assertThat(source.share()).isBetween(0.0, 0.05);
        }
        return totals;
    }

    @Test
    void aProcessIsCountedByItsOwnFiles() throws IOException {
        write("self/io", IO);
        write("self/stat", STAT);

        assertThat(totals())
                .containsOnly(
                        Map.entry(Resource.DISK_READ, OptionalLong.of(1_216_512)),
                        Map.entry(Resource.DISK_WRITE, OptionalLong.of(8192)),
                        Map.entry(Resource.CPU, OptionalLong.of(100_000_000)));
    }

    @Test
    void aGroupOfVersion2IsCountedWhereTheProcessIsAloneInIt() throws IOException {
        write("self/io", IO);
        write("self/stat", STAT);
        write("self/cgroup", "0::/medbackup.service\n");
        write("groups/medbackup.service/cgroup.procs", "4711\n");
        write("groups/medbackup.service/io.stat", """
            8:16 rbytes=1000 wbytes=30 rios=1 wios=1 dbytes=7 dios=1
            8:0 rbytes=500 wbytes=4 rios=1 wios=1 dbytes=0 dios=0
            """);
        write("groups/medbackup.service/cpu.stat", "usage_usec 1500\nuser_usec 1000\nsystem_usec 500\n");

        assertThat(totals())
                .containsEntry(Resource.DISK_READ, OptionalLong.of(1500))
                .containsEntry(Resource.DISK_WRITE, OptionalLong.of(34))
                .containsEntry(Resource.CPU, OptionalLong.of(1_500_000));

        write("groups/medbackup.service/cgroup.procs", "4711\n4712\n");
        assertThat(totals()).containsEntry(Resource.DISK_READ, OptionalLong.of(1_216_512));
    }

    @Test
    void groupsOfVersion1AreCountedForWhatTheyKnow() throws IOException {
        write("self/io", IO);
        write("self/stat", STAT);
        write("self/cgroup", "7:blkio:/job\n2:cpu,cpuacct:/job\n4:memory:/other\nmalformed\n0::/\n");
        write("groups/blkio/job/cgroup.procs", "4711\n");
        write("groups/blkio/job/blkio.throttle.io_service_bytes", """
            8:0 Read 4096
            8:0 Write 9
            8:0 Total 4105
            8:16 Read 4
            Total 4109
            """);
        write("groups/cpuacct/job/cgroup.procs", "4711\n");
        write("groups/cpuacct/job/cpuacct.usage", "123456789\n");

        assertThat(totals())
                .containsEntry(Resource.DISK_READ, OptionalLong.of(4100))
                .containsEntry(Resource.DISK_WRITE, OptionalLong.of(8192))
                .containsEntry(Resource.CPU, OptionalLong.of(123_456_789));
    }

    @Test
    void whatCannotBeReadIsNotThere() throws IOException {
        assertThat(totals()).isEmpty();
        write("self/io", "rchar: 4096\nread_bytes: many\n");
        write("self/stat", "4711 (x) S 1 2\n");
        assertThat(totals()).isEmpty();
    }

    @Test
    void thisMachineHasThemAndTheyAgreeWithTheClocks() {
        List<UsageSource> sources = Observer.sources();

        assertThat(sources)
                .extracting(UsageSource::resource)
                .containsExactlyInAnyOrder(
                        Resource.DISK_READ, Resource.DISK_WRITE, Resource.CPU, Resource.NETWORK_EGRESS);
        UsageSource processors = sources.stream()
                .filter(source -> source.resource() == Resource.CPU)
                .findFirst()
                .orElseThrow();
        long before = CpuTime.ofProcess().toNanos();
        long seen = processors.total().orElseThrow();
        long after = CpuTime.ofProcess().toNanos();
        assertThat(seen).isBetween(before - processors.resolution(), after + processors.resolution());
    }
}
