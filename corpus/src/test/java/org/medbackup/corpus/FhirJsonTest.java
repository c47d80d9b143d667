package org.medbackup.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FhirJsonTest {

    static LongStream seeds() {
        return Seeds.of(50);
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void aPatientHasWhatIdentifiesOne(long seed) {
        patient(StrictJson.object(text(seed, DocumentKind.FHIR_PATIENT)));
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void anObservationHasItsRequiredElements(long seed) {
        observation(StrictJson.object(text(seed, DocumentKind.FHIR_OBSERVATION)));
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void aBundleHoldsThePatientThatItsObservationsAreOf(long seed) {
        Map<String, Object> bundle = StrictJson.object(text(seed, DocumentKind.FHIR_BUNDLE));

        assertThat(bundle).containsEntry("resourceType", "Bundle").containsEntry("type", "collection");
        List<?> entries = (List<?>) child(bundle, "entry");
        assertThat(entries).hasSize(6);
        assertThat(entries.stream().map(entry -> child(entry, "fullUrl")).distinct())
                .hasSize(6)
                .allMatch(url -> ((String) url).matches("urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab].{16}"));
        Map<String, Object> patient = object(child(entries.getFirst(), "resource"));
        patient(patient);
        for (Object entry : entries.subList(1, entries.size())) {
            Map<String, Object> observation = object(child(entry, "resource"));
            observation(observation);
            assertThat(child(child(observation, "subject"), "reference")).isEqualTo("Patient/" + child(patient, "id"));
        }
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void eachLineOfAnExportIsAResource(long seed) {
        String text = text(seed, DocumentKind.FHIR_NDJSON);

        assertThat(text).endsWith("}\n");
        assertThat(text.lines()).hasSize(7).allSatisfy(line -> observation(StrictJson.object(line)));
    }

    @Test
    void textsWithQuotesAndLineBreaksComeBack() {
        String odd = "a \"quoted\" \\ back\nslash é";

        assertThat(StrictJson.object(Json.text(Json.object().with("k", odd)))).containsEntry("k", odd);
    }

    private static void patient(Map<String, Object> patient) {
        assertThat(patient).containsEntry("resourceType", "Patient");
        assertThat((String) child(patient, "id")).matches("[0-9]{8}");
        assertThat((String) child(patient, "gender")).isIn("female", "male", "unknown");
        assertThat((String) child(patient, "birthDate")).matches("[0-9]{4}-[0-9]{2}-[0-9]{2}");
        assertThat(child(first(child(patient, "name")), "family")).isInstanceOf(String.class);
        assertThat((String) child(child(patient, "text"), "div"))
                .startsWith("<div xmlns=")
                .endsWith("</div>");
        assertThat((List<?>) child(patient, "identifier")).hasSize(2);
        test(patient);
    }

    private static void observation(Map<String, Object> observation) {
        assertThat(observation).containsEntry("resourceType", "Observation").containsEntry("status", "final");
        Object coding = first(child(child(observation, "code"), "coding"));
        assertThat(child(coding, "system")).isEqualTo("http://loinc.org");
        assertThat(child(child(observation, "valueQuantity"), "value")).isInstanceOf(BigDecimal.class);
        assertThat((String) child(observation, "effectiveDateTime")).matches("2025-[0-9-]{5}T[0-9:]{8}Z");
        test(observation);
    }

    private static void test(Map<String, Object> resource) {
        assertThat(child(first(child(child(resource, "meta"), "security")), "code"))
                .isEqualTo("HTEST");
    }

    private static Object child(Object parent, String name) {
        Object child = object(parent).get(name);
        if (child == null) {
            throw new AssertionError("the element is missing: " + name);
        }
        return child;
    }

    private static Object first(Object list) {
        return ((List<?>) list).getFirst();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }

    private static String text(long seed, DocumentKind kind) {
        return new String(ClinicalDocuments.of(seed).document(kind, 3).content(), StandardCharsets.UTF_8);
    }
}
