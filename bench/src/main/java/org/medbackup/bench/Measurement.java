package org.medbackup.bench;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a benchmark measured.
 *
 * @param name of the benchmark
 * @param unit of the value
 * @param value median of the samples
 * @param samples in the order in which they were taken
 * @param details further figures, such as what a reference did in the same run
 */
public record Measurement(String name, String unit, double value, List<Double> samples, Map<String, Double> details) {

    public Measurement {
        samples = List.copyOf(samples);
        details = Collections.unmodifiableMap(new TreeMap<>(details));
    }

    /** A measurement whose value is the median of its samples. */
    public static Measurement of(String name, String unit, List<Double> samples, Map<String, Double> details) {
        return new Measurement(name, unit, median(samples), samples, details);
    }

    /** The value that half of the samples do not exceed. */
    static double median(List<Double> samples) {
        List<Double> sorted = samples.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
