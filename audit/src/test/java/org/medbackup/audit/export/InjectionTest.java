package org.medbackup.audit.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.audit.AuditEntry;
import org.medbackup.core.event.Actor;
import org.medbackup.corpus.Seeds;
import org.medbackup.documents.Json;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** Whatever stands in a record, it stays one record, and each of its fields stays what it is. */
class InjectionTest {

    private static final Pattern SYSLOG = Pattern.compile(
            "<85>1 \\S+Z \\S+ medbackup - IHE\\+RFC-3881 \\[meta sequenceId=\"([0-9]+)\"] \ufeff(<.*>)");
    private static final Pattern HARMFUL = Pattern.compile("\\p{Cc}|\\p{Zl}|\\p{Zp}|\\p{Cs}|[\u202a-\u202e]");

    static LongStream seeds() {
        return Seeds.of(60);
    }

    /** Every line with what it was made of. */
    private static void each(long seed, AuditFormat format, BiConsumer<Told, String> check) {
        List<AuditEntry> entries = Hostile.entries(seed, 10);
        List<String> lines = Entries.lines(format, entries);
        String file = String.join("\n", lines) + "\n";
        // Of all that a reader may take for the end of a line there is what we have put there.
        assertThat(file.lines().toList()).isEqualTo(lines);
        assertThat(file.split("\\R")).hasSize(lines.size());
        assertThat(lines).noneMatch(each -> HARMFUL.matcher(each).find());
        // To whom an entry belongs is asked of the same beginnings.
        Map<String, AuditEntry> begun = new HashMap<>();
        for (int i = 0; i < entries.size(); i++) {
            AuditEntry entry = entries.get(i);
            check.accept(new Told(entry, begun.get(entry.operation())), lines.get(i));
            if (entry.event().equals("started")) {
                begun.put(entry.operation(), entry);
            } else if (entry.event().equals("ended")) {
                begun.remove(entry.operation());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theRecordComesBackFromItsLine(long seed) {
        each(seed, AuditFormat.JSONL, (told, line) -> {
            Map<String, Object> read = JsonReader.read(line);
            assertThat(read.keySet()).containsExactly("leaf", "record");
            assertThat(read).containsEntry("leaf", told.leaf());
            assertThat(Json.canonical(Json.parseMembers(line).members("record")))
                    .isEqualTo(told.entry().record());
        });
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theResourceHoldsWhatTheEntryHolds(long seed) {
        each(seed, AuditFormat.FHIR, (told, line) -> {
            Map<String, Object> read = JsonReader.read(line);
            assertThat(read)
                    .containsEntry("resourceType", "AuditEvent")
                    .containsEntry("id", told.leaf())
                    .containsEntry("outcomeDesc", told.headline())
                    .containsEntry("outcome", Integer.toString(told.gravity().outcome()));
            Map<?, ?> operation = (Map<?, ?>) list(read, "entity").getLast();
            Map<String, String> details = new LinkedHashMap<>();
            for (Object each : list(operation, "detail")) {
                Map<?, ?> detail = (Map<?, ?>) each;
                assertThat(detail.keySet()).hasSize(2);
                details.put(String.valueOf(detail.get("type")), String.valueOf(detail.get("valueString")));
            }
            assertThat(details).isEqualTo(Words.details(told));
            int ends = told.act().flow() == Act.Flow.NONE ? 0 : 2;
            assertThat(list(read, "agent")).hasSize((told.person().isEmpty() ? 1 : 2) + ends);
        });
    }

    private static List<?> list(Map<?, ?> of, String name) {
        return (List<?>) Objects.requireNonNull(of.get(name));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theMessageHoldsWhatTheEntryHolds(long seed) {
        each(seed, AuditFormat.ATNA, (told, line) -> {
            Matcher parts = SYSLOG.matcher(line);
            assertThat(parts.matches()).isTrue();
            assertThat(parts.group(1)).isEqualTo(Long.toString(told.entry().index() + 1));
            Element message = xml(parts.group(2));
            List<Element> elements = children(message);
            assertThat(elements.getFirst().getTagName()).isEqualTo("EventIdentification");
            int ends = told.act().flow() == Act.Flow.NONE ? 0 : 2;
            assertThat(elements)
                    .filteredOn(each -> each.getTagName().equals("ActiveParticipant"))
                    .hasSize((told.person().isEmpty() ? 1 : 2) + ends);
            if (!told.person().isEmpty()) {
                assertThat(elements.get(1).getAttribute("UserID")).isEqualTo(told.person());
            }
            var details = new LinkedHashMap<String, String>();
            for (Element each : children(elements.getLast())) {
                if (each.getTagName().equals("ParticipantObjectDetail")) {
                    details.put(
                            each.getAttribute("type"),
                            new String(Base64.getDecoder().decode(each.getAttribute("value")), UTF_8));
                }
            }
            var expected = new LinkedHashMap<>(Words.details(told));
            put(expected, "purposeOfUse", told.purpose());
            put(expected, "reason", told.reason());
            assertThat(details).isEqualTo(expected);
        });
    }

    private static void put(Map<String, String> into, String name, String value) {
        if (!value.isEmpty()) {
            into.put(name, value);
        }
    }

    private static Element xml(String text) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return factory.newDocumentBuilder()
                    .parse(new ByteArrayInputStream(text.getBytes(UTF_8)))
                    .getDocumentElement();
        } catch (Exception malformed) {
            throw new AssertionError(text, malformed);
        }
    }

    private static List<Element> children(Element of) {
        List<Element> children = new ArrayList<>();
        for (Node each = of.getFirstChild(); each != null; each = each.getNextSibling()) {
            if (each instanceof Element element) {
                children.add(element);
            }
        }
        return children;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theLineOfCefHoldsWhatTheEntryHolds(long seed) {
        each(seed, AuditFormat.CEF, (told, line) -> {
            CefReader read = CefReader.read(line);
            assertThat(read.header())
                    .containsExactly(
                            "CEF:0",
                            "MedBackup",
                            "MedBackup",
                            "0.1.0",
                            told.action() + "." + told.event(),
                            told.headline(),
                            Integer.toString(told.gravity().cef()));
            Map<String, String> fields = read.extension();
            assertThat(fields).containsEntry("cs1", told.leaf());
            is(fields, "suser", told.person());
            is(fields, "msg", told.reason());
            is(fields, "cs2", told.operation());
            is(fields, "cs3", told.purpose());
            is(fields, "outcome", told.outcome());
            is(fields, "reason", told.code());
            Map<?, ?> facts = fields.containsKey("cs6") ? JsonReader.read(fields.get("cs6")) : Map.of();
            assertThat(facts.toString()).hasSameSizeAs(told.facts().toString());
            assertThat(new HashMap<Object, Object>(facts)).isEqualTo(new HashMap<Object, Object>(told.facts()));
        });
    }

    private static void is(Map<String, String> fields, String name, String value) {
        assertThat(fields.getOrDefault(name, "")).isEqualTo(value);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theEventOfOcsfHoldsWhatTheEntryHolds(long seed) {
        each(seed, AuditFormat.OCSF, (told, line) -> {
            Map<String, Object> read = JsonReader.read(line);
            assertThat(read).containsEntry("message", told.headline());
            var expected = new LinkedHashMap<>(Words.details(told));
            put(expected, "purposeOfUse", told.purpose());
            put(expected, "reason", told.reason());
            assertThat(new HashMap<Object, Object>((Map<?, ?>) read.get("unmapped")))
                    .isEqualTo(expected);
            if (read.get("actor") instanceof Map<?, ?> actor) {
                Map<?, ?> user = (Map<?, ?>) Objects.requireNonNull(actor.get("user"));
                assertThat(user.get("name")).isEqualTo(told.person().isEmpty() ? told.service() : told.person());
            }
        });
    }

    /** What the clean text has lost is no more than what breaks, turns or surrounds it. */
    @ParameterizedTest
    @MethodSource("seeds")
    void lettersAreKept(long seed) {
        for (AuditEntry entry : Hostile.entries(seed, 10)) {
            @Nullable Actor actor = entry.actor();
            if (actor != null) {
                assertThat(letters(Clean.text(actor.name()))).isEqualTo(letters(actor.name()));
            }
        }
    }

    private static String letters(String text) {
        return text.replaceAll("[^\\p{L}\\p{N}\\p{P}\\p{Sm}]", "");
    }
}
