package org.medbackup.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.EventSink;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.Outcome;

/**
 * Sends each operation as a trace of OpenTelemetry: a span of the operation, and one of each of its phases below it. Open facts
 * become attributes; veiled ones are not sent. It never fails and never waits: where the collector is away, traces are lost.
 *
 * <p>Safe for use by several threads.
 */
public final class TraceSink implements EventSink, AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MOST_RUNNING = 1000;
    private static final int LONGEST_VALUE = 256;

    private static final Logger LIBRARY = Logger.getLogger("io.opentelemetry");

    private final SdkTracerProvider provider;
    private final LongSupplier lost;
    private final Tracer tracer;
    private final Map<String, Span> going = new ConcurrentHashMap<>();
    private final ThreadLocal<String> trace = ThreadLocal.withInitial(() -> "");

    /** Hands spans to a processor. */
    TraceSink(SpanProcessor processor, LongSupplier lost, Entropy entropy) {
        this.lost = lost;
        this.provider = SdkTracerProvider.builder()
                .addSpanProcessor(processor)
                .setResource(Resource.create(
                        Attributes.builder().put("service.name", "medbackup").build()))
                .setSpanLimits(SpanLimits.builder()
                        .setMaxAttributeValueLength(LONGEST_VALUE)
                        .build())
                .setIdGenerator(new Ids(entropy))
                .build();
        this.tracer = provider.get("org.medbackup");
    }

    /**
     * Sends to a collector by OTLP over HTTP with protocol buffers.
     *
     * @param collector such as {@code http://127.0.0.1:4318/v1/traces}
     * @throws BackupException with {@code CONFIGURATION_INVALID} where that is no address, or would go through the network
     *     without TLS
     */
    public static TraceSink to(URI collector, Entropy entropy) {
        String scheme = String.valueOf(collector.getScheme());
        String host = String.valueOf(collector.getHost());
        boolean local = host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]");
        if (!scheme.equals("https") && !(scheme.equals("http") && local)) {
            throw ErrorCode.CONFIGURATION_INVALID.because(
                    "the collector of traces is an address of https, or of http on this machine");
        }
        var exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(collector.toString())
                .setConnectTimeout(PATIENCE)
                .setTimeout(PATIENCE)
                .build();
        // What it says of a collector that is away would go to the error output, with its address, beside the log.
        LIBRARY.setLevel(Level.OFF);
        var counted = new CountedExporter(exporter);
        return new TraceSink(BatchSpanProcessor.builder(counted).build(), counted::lost, entropy);
    }

    /** How many spans the collector did not take. */
    public long lost() {
        return lost.getAsLong();
    }

    /** Traces have the ids of {@link TraceIds}; spans have random ones. */
    private final class Ids implements IdGenerator {

        private final Entropy entropy;

        Ids(Entropy entropy) {
            this.entropy = entropy;
        }

        @Override
        public String generateSpanId() {
            byte[] bytes = entropy.bytes(8);
            // Zero is no id.
            bytes[0] |= 1;
            return HexFormat.of().formatHex(bytes);
        }

        @Override
        public String generateTraceId() {
            return trace.get();
        }
    }

    @Override
    public void accept(BackupEvent event) {
        switch (event) {
            case BackupEvent.Started started -> begin(started);
            case BackupEvent.PhaseEnded phase -> phase(phase);
            case BackupEvent.Found found -> found(found);
            case BackupEvent.LimitChanged _, BackupEvent.Progress _ -> {
                // Not of one moment of an operation.
            }
            case BackupEvent.Ended ended -> end(ended);
        }
    }

    private void begin(BackupEvent.Started started) {
        if (going.size() >= MOST_RUNNING) {
            return;
        }
        trace.set(TraceIds.of(started.operation()));
        Span span = tracer.spanBuilder(started.action())
                .setNoParent()
                .setStartTimestamp(started.time())
                .setAllAttributes(attributes(started.facts()))
                .setAttribute("medbackup.operation", started.operation())
                .startSpan();
        trace.remove();
        Span before = going.put(started.operation(), span);
        if (before != null) {
            before.end(started.time());
        }
    }

    private void phase(BackupEvent.PhaseEnded phase) {
        Span parent = going.get(phase.operation());
        if (parent == null) {
            return;
        }
        Instant began = phase.time().minus(phase.took());
        Span span = tracer.spanBuilder(phase.phase())
                .setParent(Context.root().with(parent))
                .setStartTimestamp(began)
                .setAllAttributes(attributes(phase.facts()))
                .startSpan();
        finish(span, phase.outcome(), phase.time());
    }

    private void found(BackupEvent.Found found) {
        Span span = going.get(found.operation());
        if (span != null) {
            span.addEvent(found.code().name(), attributes(found.facts()), found.time());
        }
    }

    private void end(BackupEvent.Ended ended) {
        Span span = going.remove(ended.operation());
        if (span == null) {
            return;
        }
        span.setAllAttributes(attributes(ended.facts()));
        if (ended.code() != null) {
            span.setAttribute("error.type", ended.code().name());
        }
        finish(span, ended.outcome(), ended.time());
    }

    private static void finish(Span span, Outcome outcome, Instant when) {
        span.setAttribute("medbackup.outcome", outcome.name());
        boolean failed = outcome == Outcome.FAILURE || outcome == Outcome.FINDING;
        span.setStatus(failed ? StatusCode.ERROR : StatusCode.OK);
        span.end(when);
    }

    private static Attributes attributes(Facts facts) {
        AttributesBuilder attributes = Attributes.builder();
        facts.open().forEach((name, value) -> attributes.put("medbackup." + name, value));
        return attributes.build();
    }

    /** Sends what is left, for five seconds at most. Idempotent. */
    @Override
    public void close() {
        provider.shutdown().join(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}
