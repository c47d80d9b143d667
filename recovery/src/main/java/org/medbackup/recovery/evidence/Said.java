package org.medbackup.recovery.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.documents.page.Block.Fact;

/** What a document says, in the words of a page: numbers as they stand there, digit by digit. */
final class Said {

    static final String SECONDS = " s";
    static final String UNSAID = "not said";

    private Said() {}

    /** A member in words; empty where there is none. */
    static Optional<String> of(Members document, String name) {
        return document.find(name).map(Said::text);
    }

    /** A member in words, or that nobody says it. */
    static String or(Members document, String name, String unit) {
        return of(document, name)
                .filter(text -> !text.isEmpty())
                .map(text -> text + unit)
                .orElse(UNSAID);
    }

    private static String text(JsonValue value) {
        return switch (value) {
            case JsonValue.Text text -> text.value();
            case JsonValue.Truth truth -> truth.value() ? "yes" : "no";
            case JsonValue.Items items ->
                items.values().stream().map(Said::text).collect(Collectors.joining(", "));
            default -> Json.canonical(value);
        };
    }

    /** A truth in the words for it. */
    static String of(Members document, String name, String yes, String no) {
        return document.find(name)
                .filter(JsonValue.Truth.class::isInstance)
                .map(truth -> ((JsonValue.Truth) truth).value() ? yes : no)
                .orElse(UNSAID);
    }

    /** Whether a member is there and true. */
    static boolean isTrue(Members document, String name) {
        return new JsonValue.Truth(true).equals(document.values().get(name));
    }

    /** A number, to draw it. */
    static OptionalDouble number(Members document, String name) {
        return switch (document.find(name).orElse(new JsonValue.Null())) {
            case JsonValue.Whole whole -> OptionalDouble.of((double) whole.value());
            case JsonValue.Decimal decimal -> OptionalDouble.of(decimal.value());
            default -> OptionalDouble.empty();
        };
    }

    /** A member that is an object; one without members where there is none. */
    static Members object(Members document, String name) {
        return document.find(name)
                .filter(Members.class::isInstance)
                .map(Members.class::cast)
                .orElse(new Members(Map.of()));
    }

    /** The objects of a list; none where there is no list. */
    static List<Members> objects(Members document, String name) {
        List<Members> objects = new ArrayList<>();
        if (document.find(name).orElse(new JsonValue.Null()) instanceof JsonValue.Items items) {
            items.values().forEach(each -> {
                if (each instanceof Members members) {
                    objects.add(members);
                }
            });
        }
        return objects;
    }

    /** Facts under construction: what the document does not say is left out. */
    static final class Facts {

        private final Members document;
        private final List<Fact> facts = new ArrayList<>();

        Facts(Members document) {
            this.document = document;
        }

        Facts add(String label, String name) {
            return add(label, name, "");
        }

        Facts add(String label, String name, String unit) {
            of(document, name)
                    .filter(text -> !text.isEmpty())
                    .ifPresent(text -> facts.add(new Fact(label, text + unit)));
            return this;
        }

        Facts add(String label, String name, String yes, String no) {
            if (document.find(name).isPresent()) {
                facts.add(new Fact(label, of(document, name, yes, no)));
            }
            return this;
        }

        List<Fact> list() {
            return facts;
        }
    }
}
