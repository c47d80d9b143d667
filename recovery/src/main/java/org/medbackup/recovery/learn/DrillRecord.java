package org.medbackup.recovery.learn;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonException;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.recovery.simulate.Stage;

/**
 * What is kept of a drill: how good its prediction was, and what it taught.
 *
 * @param id of the drill
 * @param began when
 * @param plan name of the plan
 * @param target of which repository and file system, told apart by a digest
 * @param regime in which it was predicted
 * @param predicted seconds
 * @param low one in ten was thought to be quicker
 * @param high one in ten was thought to take longer
 * @param actual seconds
 * @param sound whether everything passed: only then has it taught anything
 * @param lessons of its stages
 */
public record DrillRecord(
        String id,
        Instant began,
        String plan,
        String target,
        Regime regime,
        double predicted,
        double low,
        double high,
        double actual,
        boolean sound,
        List<Lesson> lessons) {

    /** The promise of a prediction under an envelope. */
    public static final double TOLERANCE = 0.1;

    public DrillRecord {
        lessons = List.copyOf(lessons);
    }

    /** By what share it took longer than predicted; below zero where it was quicker. */
    public double error() {
        return predicted > 0 ? (actual - predicted) / predicted : 0;
    }

    /** Whether the prediction was right within a tenth of the time that it took. */
    public boolean isWithin() {
        return Math.abs(actual - predicted) <= TOLERANCE * actual;
    }

    /** Whether the interval held it. */
    public boolean isCovered() {
        return actual >= low && actual <= high;
    }

    /** As JSON. */
    public String text() {
        var members = new LinkedHashMap<String, Object>();
        members.put("v", 1);
        members.put("drill", id);
        members.put("began", began.toString());
        members.put("plan", plan);
        members.put("target", target);
        members.put("regime", regime.name());
        members.put("predicted", predicted);
        members.put("low", low);
        members.put("high", high);
        members.put("actual", actual);
        members.put("sound", sound);
        members.put("lessons", lessons.stream().map(DrillRecord::members).toList());
        return Json.write(JsonValue.of(members));
    }

    private static Map<String, Object> members(Lesson lesson) {
        var members = new LinkedHashMap<String, Object>();
        members.put("application", lesson.application());
        members.put("kind", lesson.kind());
        members.put("stage", lesson.stage().name());
        members.put("limiting", lesson.limiting().name());
        members.put("small", lesson.small());
        members.put("work", lesson.work());
        members.put("model", lesson.model());
        members.put("actual", lesson.actual());
        return members;
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException where it is none
     */
    public static DrillRecord parse(String text) {
        try {
            Members document = Json.parseMembers(text);
            Instant began = Instant.parse(document.text("began"));
            return new DrillRecord(
                    document.text("drill"),
                    began,
                    document.text("plan"),
                    document.text("target"),
                    Regime.valueOf(document.text("regime")),
                    document.number("predicted"),
                    document.number("low"),
                    document.number("high"),
                    document.number("actual"),
                    isTrue(document, "sound"),
                    document.items("lessons").stream()
                            .map(each -> lesson(each, began))
                            .toList());
        } catch (JsonException | DateTimeException other) {
            throw new IllegalArgumentException("it is no record of a drill", other);
        }
    }

    private static Lesson lesson(JsonValue value, Instant began) {
        if (!(value instanceof Members lesson)) {
            throw new IllegalArgumentException("a lesson is an object");
        }
        return new Lesson(
                began,
                lesson.text("application"),
                lesson.text("kind"),
                Stage.valueOf(lesson.text("stage")),
                Limiting.valueOf(lesson.text("limiting")),
                isTrue(lesson, "small"),
                lesson.number("work"),
                lesson.number("model"),
                lesson.number("actual"));
    }

    private static boolean isTrue(Members members, String name) {
        return members.find(name).equals(Optional.of(new JsonValue.Truth(true)));
    }
}
