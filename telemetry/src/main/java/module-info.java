/** Watching: metrics, traces, log lines and forecasts, made from events. */
module org.medbackup.telemetry {
    requires transitive org.medbackup.core;
    requires io.opentelemetry.api;
    requires io.opentelemetry.context;
    requires io.opentelemetry.exporter.otlp;
    requires io.opentelemetry.sdk.common;
    requires io.opentelemetry.sdk.trace;
    requires java.logging;
    requires micrometer.core;
    requires micrometer.registry.prometheus;
    requires static transitive org.jspecify;

    exports org.medbackup.telemetry;
}
