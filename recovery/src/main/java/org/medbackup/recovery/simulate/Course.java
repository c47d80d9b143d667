package org.medbackup.recovery.simulate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * How work went in a simulation.
 *
 * @param spans of the activities, by name, in the order in which they ended
 * @param saturated seconds in which each resource was used up
 */
public record Course(SequencedMap<String, Span> spans, Map<Resource, Double> saturated) {

    public Course {
        spans = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(spans));
        saturated = Map.copyOf(saturated);
    }

    /**
     * When an activity went on.
     *
     * @param begin seconds from the beginning of all
     * @param end likewise
     * @param because name of the activity whose end let it begin; empty where it could begin at once
     */
    public record Span(double begin, double end, String because) {}

    /**
     * When one activity went on.
     *
     * @throws IllegalArgumentException where there is none of this name
     */
    public Span span(String name) {
        Span span = spans.get(name);
        if (span == null) {
            throw new IllegalArgumentException("there is no activity " + name);
        }
        return span;
    }

    /** Seconds until all has ended. */
    public double seconds() {
        return spans.values().stream().mapToDouble(Span::end).max().orElse(0);
    }

    /** The chain of activities of which each had to wait for the one before, and the last ended last. */
    public List<String> criticalPath() {
        List<String> path = new ArrayList<>();
        if (!spans.isEmpty()) {
            String at = spans.lastEntry().getKey();
            while (!at.isEmpty()) {
                path.addFirst(at);
                at = span(at).because();
            }
        }
        return List.copyOf(path);
    }
}
