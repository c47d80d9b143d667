package org.medbackup.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** One gauge for each combination of its labels, which shows what it was last told. Safe for use by several threads. */
final class Gauges {

    private final MeterRegistry registry;
    private final String name;
    private final String description;
    private final Map<Tags, AtomicReference<Double>> values = new ConcurrentHashMap<>();

    Gauges(MeterRegistry registry, String name, String description) {
        this.registry = registry;
        this.name = name;
        this.description = description;
    }

    /** Shows a value from now on. */
    void set(Tags labels, double value) {
        values.computeIfAbsent(labels, this::register).set(value);
    }

    /** Shows a value where there is none yet. */
    void begin(Tags labels, double value) {
        values.computeIfAbsent(labels, absent -> {
            AtomicReference<Double> holder = register(absent);
            holder.set(value);
            return holder;
        });
    }

    private AtomicReference<Double> register(Tags labels) {
        var holder = new AtomicReference<>(Double.NaN);
        Gauge.builder(name, holder, AtomicReference::get)
                .description(description)
                .tags(labels)
                .strongReference(true)
                .register(registry);
        return holder;
    }
}
