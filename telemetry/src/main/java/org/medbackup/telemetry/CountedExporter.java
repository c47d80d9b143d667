package org.medbackup.telemetry;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the spans that another exporter could not send. Safe for use by several threads. */
final class CountedExporter implements SpanExporter {

    private final SpanExporter sender;
    private final AtomicLong lost = new AtomicLong();

    CountedExporter(SpanExporter sender) {
        this.sender = sender;
    }

    long lost() {
        return lost.get();
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        int count = spans.size();
        CompletableResultCode sent = sender.export(spans);
        return sent.whenComplete(() -> {
            if (!sent.isSuccess()) {
                lost.addAndGet(count);
            }
        });
    }

    @Override
    public CompletableResultCode flush() {
        return sender.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return sender.shutdown();
    }
}
