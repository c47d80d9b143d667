package org.medbackup.governor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.medbackup.core.spi.throttle.PacedChannel;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.testkit.ManualExample;

class GovernorExampleTest {

    private static void example(WritableByteChannel target, ByteBuffer image) throws IOException {
        // example:begin
        Governor governor = Governor.of(Limits.parse(List.of("network.egress=20MB/s", "cpu=0.5")));
        try (GovernedJob job = governor.open(WorkClass.INCREMENTAL, Limits.none())) {
            var channel = new PacedChannel(target, job, Throttle.Resource.NETWORK_EGRESS);
            channel.write(image); // no second sees more than 20 MB, whatever else this job sends
            governor.set(Limits.parse(List.of("network.egress=8MB/s"))); // holds for who waits already
            System.err.println(job.used(Throttle.Resource.NETWORK_EGRESS) + " bytes sent");
            System.err.println(job.waited(Throttle.Resource.NETWORK_EGRESS) / 1e9 + " s waited");
            governor.usage().forEach(System.err::println);
        }
        // example:end
    }

    @Test
    void theExampleOfTheManualSendsAllOfIt() throws IOException {
        var target = new ByteArrayOutputStream();

        example(Channels.newChannel(target), ByteBuffer.allocate(300_000));

        assertThat(target.size()).isEqualTo(300_000);
    }

    @Test
    void theManualHoldsTheExampleAsItIsHere() {
        ManualExample.assertStandsIn(
                "docs/governor.md", "governor/src/test/java/org/medbackup/governor/GovernorExampleTest.java");
    }
}
