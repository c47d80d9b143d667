package org.medbackup.audit.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Events against what the classes of OCSF 1.8.0 require, as its schema was read: names of attributes, and of which one is enough. */
class OcsfClassesTest {

    private static final Set<String> OF_ALL =
            Set.of("activity_id", "category_uid", "class_uid", "metadata", "severity_id", "time", "type_uid");

    private static final Map<Long, Set<String>> REQUIRED = Map.of(
            2003L, Set.of("compliance", "finding_info"),
            2004L, Set.of("finding_info"),
            3002L, Set.of("user"),
            6003L, Set.of("actor", "api", "src_endpoint"),
            6005L, Set.of("actor", "src_endpoint"));

    private static final Map<Long, Set<String>> ONE_OF = Map.of(
            3002L, Set.of("service", "dst_endpoint"),
            6005L, Set.of("database", "databucket", "table"));

    private static final Map<String, Set<String>> OF_OBJECTS = Map.of(
            "metadata", Set.of("product", "version"),
            "api", Set.of("operation"),
            "finding_info", Set.of("uid"),
            "databucket", Set.of("type_id"));

    /** Of each of these one is enough. */
    private static final Map<String, Set<String>> ONE_OF_OBJECTS = Map.of(
            "actor", Set.of("process", "user", "invoked_by", "session", "app_name", "app_uid"),
            "user", Set.of("account", "name", "uid"),
            "databucket", Set.of("name", "uid"),
            "service", Set.of("name", "uid"),
            "src_endpoint", Set.of("ip", "uid", "name", "hostname", "svc_name"));

    private static final Map<Long, Set<Long>> ACTIVITIES = Map.of(
            2003L, Set.of(1L, 2L, 3L, 99L),
            2004L, Set.of(1L, 2L, 3L, 99L),
            3002L, Set.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 99L),
            6003L, Set.of(1L, 2L, 3L, 4L, 99L),
            6005L, Set.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 99L));

    private static long number(Map<String, Object> event, String name) {
        return Long.parseLong(String.valueOf(event.get(name)));
    }

    private static List<Map<String, Object>> events() {
        return Entries.lines(AuditFormat.OCSF, Entries.everyKind()).stream()
                .map(JsonReader::read)
                .toList();
    }

    @Test
    void everyEventHasWhatItsClassRequires() {
        Set<Long> classes = new TreeSet<>();
        for (Map<String, Object> event : events()) {
            long kind = number(event, "class_uid");
            classes.add(kind);
            assertThat(event.keySet()).containsAll(OF_ALL).containsAll(REQUIRED.get(kind));
            if (ONE_OF.containsKey(kind)) {
                assertThat(event.keySet()).containsAnyElementsOf(ONE_OF.get(kind));
            }
            objects(event);
        }
        assertThat(classes).isEqualTo(new TreeSet<>(REQUIRED.keySet()));
    }

    @SuppressWarnings("unchecked")
    private static void objects(Map<String, Object> in) {
        in.forEach((name, value) -> {
            if (value instanceof Map<?, ?> object && !name.equals("unmapped")) {
                var names = new HashSet<>((Set<Object>) object.keySet());
                assertThat(names).as(name).containsAll(OF_OBJECTS.getOrDefault(name, Set.of()));
                if (ONE_OF_OBJECTS.containsKey(name)) {
                    assertThat(names).as(name).containsAnyElementsOf(ONE_OF_OBJECTS.get(name));
                }
                objects((Map<String, Object>) object);
            }
        });
    }

    @Test
    void numbersBelongTogether() {
        for (Map<String, Object> event : events()) {
            long kind = number(event, "class_uid");
            assertThat(number(event, "type_uid")).isEqualTo(kind * 100 + number(event, "activity_id"));
            assertThat(number(event, "category_uid")).isEqualTo(kind / 1000);
            assertThat(ACTIVITIES.get(kind)).contains(number(event, "activity_id"));
            assertThat(number(event, "severity_id")).isBetween(1L, 5L);
            assertThat(event.containsKey("activity_name")).isEqualTo(number(event, "activity_id") == 99);
        }
    }

    @Test
    void aDrillIsAFindingOfComplianceAndDamageOneOfDetection() {
        Map<String, Object> good = event(Entries.ended("drill", "SUCCESS", null));
        assertThat(good).containsEntry("class_uid", "2003");
        assertThat(((Map<?, ?>) Objects.requireNonNull(good.get("compliance"))).get("status_id"))
                .isEqualTo("1");
        Map<String, Object> bad = event(Entries.ended("drill", "FINDING", "RESTORED_CONTENT_WRONG"));
        assertThat(((Map<?, ?>) Objects.requireNonNull(bad.get("compliance"))).get("status_id"))
                .isEqualTo("3");
        assertThat(event(Entries.found("OBJECT_DAMAGED"))).containsEntry("class_uid", "2004");
        assertThat(event(Entries.found("FILE_VANISHED"))).containsEntry("class_uid", "6003");
    }

    private static Map<String, Object> event(org.medbackup.audit.AuditEntry entry) {
        return JsonReader.read(Entries.lines(AuditFormat.OCSF, List.of(entry)).getFirst());
    }
}
