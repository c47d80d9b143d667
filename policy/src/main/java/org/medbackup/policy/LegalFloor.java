package org.medbackup.policy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Period;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue.Members;

/**
 * For how long the law demands at least that records are kept. Whether it applies to a site, and whether a state demands more,
 * counsel has to say.
 *
 * @param id such as {@code mammography}
 * @param keep for so long
 * @param from since when
 * @param citation of the rule
 */
public record LegalFloor(String id, Period keep, String from, String citation) {

    /** Federal rules of the United States, by id. */
    public static Map<String, LegalFloor> all() {
        Map<String, LegalFloor> floors = new LinkedHashMap<>();
        try (InputStream stream =
                Objects.requireNonNull(LegalFloor.class.getResourceAsStream("legal-floors.json"), "it is packed")) {
            String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            Json.parseMembers(text).items("floors").forEach(each -> {
                var floor = (Members) each;
                floors.put(
                        floor.text("id"),
                        new LegalFloor(
                                floor.text("id"),
                                Period.ofYears((int) floor.whole("years")),
                                floor.text("from"),
                                floor.text("citation")));
            });
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return Collections.unmodifiableMap(floors);
    }
}
