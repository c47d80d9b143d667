package org.medbackup.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.medbackup.core.PathBytes;
import org.medbackup.core.spi.place.FileFacts;
import org.medbackup.core.spi.place.Placement;
import org.medbackup.corpus.ClinicalDocuments;
import org.medbackup.corpus.Document;
import org.medbackup.testkit.ProcessorTime;

/** The whole decision about a file, from its first bytes to tier, class, keys and lock, beside the figures that were asked for. */
class RoutingRateTest {

    private static final int FILES = 5_000;

    @Test
    void routingDecidesFarMoreThanAHundredFilesASecondAndFarBelowFiftyMillisecondsAFile() {
        ClinicalDocuments documents = ClinicalDocuments.of(7);
        Instant now = Instant.parse("2026-03-01T12:00:00Z");
        var placement = new PolicyPlacement(BuiltInPolicy.HOSPITAL.policy(), Classifier.builtIn(), now);
        List<Placement> placed = new ArrayList<>();
        long slowest = 0;
        long all = 0;
        for (int number = 0; number < FILES; number++) {
            Document document = documents.document(number);
            byte[] content = document.content();
            var facts = new FileFacts(
                    PathBytes.of("/srv/" + document.relativePath()),
                    content.length,
                    now.minus(Duration.ofDays(number % 900)),
                    0,
                    0,
                    0);
            ByteBuffer head = ByteBuffer.wrap(content, 0, Math.min(content.length, Classifier.HEAD));
            long begun = ProcessorTime.ofThisThread().toNanos();
            placed.add(placement.place(facts, () -> head));
            long took = ProcessorTime.ofThisThread().toNanos() - begun;
            all += took;
            slowest = Math.max(slowest, took);
        }
        double rate = FILES / (all / 1e9);
        System.err.printf(
                "%,.0f files routed a second of processor time, the slowest in %.3f ms%n", rate, slowest / 1e6);

        assertThat(placed).hasSize(FILES);
        assertThat(placed.stream().map(Placement::retentionClass).distinct()).contains("chart", "minors", "claims");
        assertThat(rate).as("asked: 100").isGreaterThan(1_000);
        assertThat(slowest / 1e6).as("asked: 50 ms").isLessThan(50);
    }
}
