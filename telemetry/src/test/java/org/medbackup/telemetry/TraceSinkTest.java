package org.medbackup.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.Outcome;
import org.medbackup.testkit.HttpReceiver;
import org.medbackup.testkit.LocalServer;
import org.medbackup.testkit.SeededEntropy;

class TraceSinkTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    /** Keeps what would be sent. */
    private static final class Kept implements SpanExporter {

        private final List<SpanData> spans = new CopyOnWriteArrayList<>();

        @Override
        public CompletableResultCode export(Collection<SpanData> some) {
            spans.addAll(some);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }

    private static void run(TraceSink sink, String operation) {
        var noon = JsonLinesTest.NOON;
        sink.accept(new BackupEvent.Started(noon, operation, "backup", JsonLinesTest.RAJ, JsonLinesTest.FACTS));
        sink.accept(new BackupEvent.Progress(noon, operation, 1, 1, 1, 1));
        sink.accept(new BackupEvent.PhaseEnded(
                noon.plusSeconds(2), operation, "scan", Outcome.SUCCESS, SECOND, JsonLinesTest.FACTS));
        sink.accept(new BackupEvent.Found(
                noon.plusSeconds(3), operation, ErrorCode.SOURCE_UNREADABLE, JsonLinesTest.FACTS));
        sink.accept(new BackupEvent.Ended(
                noon.plusSeconds(4),
                operation,
                "backup",
                JsonLinesTest.RAJ,
                Outcome.FAILURE,
                ErrorCode.NO_SPACE,
                Duration.ofSeconds(4),
                Facts.NONE));
    }

    private static List<SpanData> spans(Consumer<TraceSink> work) {
        var kept = new Kept();
        try (var sink =
                new TraceSink(SimpleSpanProcessor.create(new CountedExporter(kept)), () -> 0, new SeededEntropy(1))) {
            work.accept(sink);
        }
        return kept.spans;
    }

    @Test
    void anOperationIsASpanWithItsPhasesBelowIt() {
        List<SpanData> spans = spans(sink -> run(sink, "4f1d0c9ab2e37758"));

        assertThat(spans).extracting(SpanData::getName).containsExactly("scan", "backup");
        SpanData phase = spans.getFirst();
        SpanData operation = spans.getLast();
        assertThat(operation.getTraceId()).isEqualTo(TraceIds.of("4f1d0c9ab2e37758"));
        assertThat(operation.getParentSpanContext().isValid()).isFalse();
        assertThat(phase.getTraceId()).isEqualTo(operation.getTraceId());
        assertThat(phase.getParentSpanId()).isEqualTo(operation.getSpanId());
        assertThat(phase.getEndEpochNanos() - phase.getStartEpochNanos()).isEqualTo(SECOND.toNanos());
        assertThat(operation.getEndEpochNanos() - operation.getStartEpochNanos())
                .isEqualTo(4_000_000_000L);
        assertThat(operation.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(phase.getStatus().getStatusCode()).isEqualTo(StatusCode.OK);
        assertThat(operation.getEvents().getFirst().getName()).isEqualTo("SOURCE_UNREADABLE");
        assertThat(spans.toString()).contains("nightly").contains("NO_SPACE").doesNotContain("meier");
    }

    @Test
    void whatBelongsToNoOperationThatGoesIsNoSpan() {
        assertThat(spans(sink -> {
                    sink.accept(new BackupEvent.PhaseEnded(
                            JsonLinesTest.NOON, "x", "notification", Outcome.SUCCESS, SECOND, Facts.NONE));
                    sink.accept(new BackupEvent.Found(JsonLinesTest.NOON, "x", ErrorCode.NO_SPACE, Facts.NONE));
                    sink.accept(new BackupEvent.LimitChanged(
                            JsonLinesTest.NOON, "x", JsonLinesTest.RAJ, "set", "", "cpu=1"));
                    sink.accept(new BackupEvent.Ended(
                            JsonLinesTest.NOON,
                            "x",
                            "job",
                            JsonLinesTest.RAJ,
                            Outcome.SUCCESS,
                            null,
                            SECOND,
                            Facts.NONE));
                }))
                .isEmpty();
    }

    @Test
    void operationsThatNeverEndDoNotFillTheMemoryAndOneThatBeginsAgainEndsTheFirst() {
        List<SpanData> spans = spans(sink -> {
            for (int i = 0; i < 1500; i++) {
                String operation = i < 2 ? "twice" : "never-" + i;
                sink.accept(new BackupEvent.Started(
                        JsonLinesTest.NOON, operation, "backup", JsonLinesTest.RAJ, Facts.NONE));
            }
            run(sink, "later");
        });

        assertThat(spans).hasSize(1);
    }

    @Test
    void aCollectorGetsTheTracesByOtlp() {
        try (HttpReceiver collector = HttpReceiver.start()) {
            collector.judge(request -> 200);
            URI address = URI.create("http://127.0.0.1:" + collector.port() + "/v1/traces");
            LongSupplier lost;
            try (TraceSink sink = TraceSink.to(address, Entropy.system())) {
                lost = sink::lost;
                run(sink, "4f1d0c9ab2e37758");
            }

            assertThat(collector.taken()).hasSize(1);
            assertThat(lost.getAsLong()).isZero();
            HttpReceiver.Request request = collector.taken().getFirst();
            assertThat(request.target()).isEqualTo("/v1/traces");
            assertThat(request.header("content-type")).isEqualTo("application/x-protobuf");
            assertThat(request.text())
                    .contains("service.name", "medbackup", "backup", "scan", "nightly", "NO_SPACE")
                    .doesNotContain("meier")
                    .doesNotContain("raj");
        }
    }

    @Test
    void aCollectorThatIsAwayKeepsNobodyFromWork() {
        TraceSink sink = TraceSink.to(URI.create("http://localhost:9/v1/traces"), Entropy.system());
        run(sink, "1");
        sink.close();
        sink.close();
        run(sink, "2");

        assertThat(LocalServer.await(() -> sink.lost() == 2)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://collector.example:4318/v1/traces", "ftp://127.0.0.1/", "traces", "http:/x"})
    void throughTheNetworkTracesGoWithTlsOnly(String address) {
        assertThatThrownBy(() -> TraceSink.to(URI.create(address), Entropy.system()))
                .hasMessageContaining("https, or of http on this machine");
    }
}
