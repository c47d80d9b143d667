package org.medbackup.audit.report;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;

/**
 * A control of a profile.
 *
 * @param id by which it is named
 * @param title in few words
 * @param need whether it is required or addressable
 * @param citation where it stands
 * @param mark how far the citation was confirmed
 * @param asks what it asks for, in our words
 * @param asksMark how far that was confirmed
 * @param part whether backup and recovery show a part of it only; then it is not met by what they show alone
 * @param evidence the kinds that show it
 * @param mappings ids in other catalogues, by the name of the catalogue
 */
public record Control(
        String id,
        String title,
        Need need,
        String citation,
        Mark mark,
        String asks,
        Mark asksMark,
        boolean part,
        List<String> evidence,
        SortedMap<String, List<String>> mappings) {

    /** Whether it must be done as written. */
    public enum Need {
        /** It must. */
        REQUIRED,
        /** Where it is not reasonable, an alternative is to be documented (45 CFR 164.306(d)(3)). */
        ADDRESSABLE,
        /** Its catalogue does not say. */
        UNSPECIFIED
    }

    /** How far a sentence was confirmed. */
    public enum Mark {
        /** Read in the named source. */
        S("read in the named source"),
        /** Well-known, not read again. */
        K("well-known text, not read again: check it before relying on it"),
        /** Not confirmed. */
        U("could not be confirmed: do not rely on it");

        private final String words;

        Mark(String words) {
            this.words = words;
        }

        /** For people. */
        public String words() {
            return words;
        }
    }

    public Control {
        evidence = List.copyOf(evidence);
        mappings = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(mappings));
        if (evidence.isEmpty()) {
            throw new IllegalArgumentException("a control that nothing shows is none of a report");
        }
    }

    static Control of(Members json) {
        Mark mark = Mark.valueOf(json.text("mark"));
        var mappings = new TreeMap<String, List<String>>();
        if (json.find("mappings").isPresent()) {
            Members all = json.members("mappings");
            all.values().keySet().forEach(each -> mappings.put(each, texts(all, each)));
        }
        return new Control(
                json.text("id"),
                json.text("title"),
                json.find("need").isPresent() ? Need.valueOf(json.text("need")) : Need.UNSPECIFIED,
                json.text("citation"),
                mark,
                json.text("asks"),
                json.find("asksMark").isPresent() ? Mark.valueOf(json.text("asksMark")) : mark,
                new JsonValue.Truth(true).equals(json.values().get("part")),
                texts(json, "evidence"),
                mappings);
    }

    private static List<String> texts(Members json, String name) {
        return json.items(name).stream()
                .map(each -> switch (each) {
                    case JsonValue.Text text -> text.value();
                    default -> throw new IllegalStateException("an item of " + name + " is no text");
                })
                .toList();
    }
}
