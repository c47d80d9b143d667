package org.medbackup.corpus;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.medbackup.corpus.Encounter.Observation;
import org.medbackup.corpus.Encounter.Test;
import org.medbackup.corpus.Json.Members;

/** FHIR R4 (4.0.1) resources in JSON, marked as test health data. */
final class FhirJson {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss'Z'", Locale.ROOT);
    private static final String MRN_SYSTEM = "urn:oid:2.16.840.1.113883.19.5";
    private static final String TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/";

    private FhirJson() {}

    static byte[] patient(Encounter encounter) {
        return bytes(Json.text(patient(encounter.patient(), encounter.admitted())));
    }

    static byte[] observation(Encounter encounter) {
        return bytes(Json.text(observation(encounter, 0)));
    }

    /** The patient and five observations as a collection. */
    static byte[] bundle(SeededRandom random, Encounter encounter) {
        var entries = new ArrayList<Members>();
        entries.add(entry(random, patient(encounter.patient(), encounter.admitted())));
        for (int i = 0; i < 5; i++) {
            entries.add(entry(random, observation(encounter, i)));
        }
        Members bundle = object("Bundle", encounter.visit())
                .with("type", "collection")
                .with("timestamp", TIME.format(encounter.discharged()))
                .with("entry", entries);
        return bytes(Json.text(bundle));
    }

    /** Seven observations, one on each line. */
    static byte[] lines(Encounter encounter) {
        var lines = new StringBuilder(8192);
        for (int i = 0; i < 7; i++) {
            lines.append(Json.text(observation(encounter, i))).append('\n');
        }
        return bytes(lines.toString());
    }

    private static Members entry(SeededRandom random, Members resource) {
        var id = new UUID(random.nextLong() & ~0xf000L | 0x4000, random.nextLong() >>> 2 | Long.MIN_VALUE);
        return Json.object().with("fullUrl", "urn:uuid:" + id).with("resource", resource);
    }

    private static Members patient(Patient patient, LocalDateTime at) {
        Members language = Json.object().with("language", coded(coding("urn:ietf:bcp:47", "en-US", "English")));
        return object("Patient", patient.mrn())
                .with("meta", meta(at))
                .with("text", narrative(fullName(patient) + ", born " + patient.born()))
                .with("identifier", identifiers(patient))
                .with("name", List.of(name(patient)))
                .with("telecom", List.of(telecom("phone", patient.phone()), telecom("email", patient.email())))
                .with("gender", patient.sex().name().toLowerCase(Locale.ROOT))
                .with("birthDate", patient.born())
                .with("maritalStatus", coded(coding(TERMINOLOGY + "v3-MaritalStatus", "UNK", "unknown")))
                .with("communication", List.of(language))
                .with("managingOrganization", Json.object().with("display", "Synthetic General Hospital"))
                .with("address", List.of(address(patient.address())));
    }

    private static List<Members> identifiers(Patient patient) {
        Members mrn = Json.object()
                .with("use", "usual")
                .with("type", coded(coding(TERMINOLOGY + "v2-0203", "MR", "Record number")))
                .with("system", MRN_SYSTEM)
                .with("value", patient.mrn());
        return List.of(mrn, identifier("us-ssn", patient.ssn()));
    }

    private static Members identifier(String system, String value) {
        return Json.object().with("system", "http://hl7.org/fhir/sid/" + system).with("value", value);
    }

    private static Members name(Patient patient) {
        return Json.object()
                .with("use", "official")
                .with("family", patient.family())
                .with("given", List.of(patient.given()));
    }

    private static Members telecom(String system, String value) {
        return Json.object().with("system", system).with("value", value).with("use", "home");
    }

    private static Members address(Patient.Address home) {
        return Json.object()
                .with("use", "home")
                .with("line", List.of(home.street()))
                .with("city", home.town())
                .with("state", home.state())
                .with("postalCode", home.zip())
                .with("country", "US");
    }

    private static Members observation(Encounter encounter, int index) {
        Observation seen = encounter.observations().get(index);
        Test test = seen.test();
        String category = ClinicalCodes.VITAL_SIGNS.contains(test) ? "vital-signs" : "laboratory";
        Members range = Json.object()
                .with("low", quantity(test.low(), test.unit()))
                .with("high", quantity(test.high(), test.unit()));
        Members flag = coding(TERMINOLOGY + "v3-ObservationInterpretation", seen.flag(), seen.flag());
        return object("Observation", encounter.visit() + "-" + index)
                .with("meta", meta(seen.at()))
                .with("status", "final")
                .with("category", List.of(coded(coding(TERMINOLOGY + "observation-category", category, category))))
                .with("code", coded(coding("http://loinc.org", test.loinc(), test.name())))
                .with("subject", subject(encounter.patient()))
                .with("effectiveDateTime", TIME.format(seen.at()))
                .with("performer", List.of(performer(encounter.attending())))
                .with("valueQuantity", quantity(seen.value(), test.unit()))
                .with("interpretation", List.of(coded(flag)))
                .with("referenceRange", List.of(range));
    }

    private static Members subject(Patient patient) {
        return Json.object().with("reference", "Patient/" + patient.mrn()).with("display", fullName(patient));
    }

    private static Members performer(Clinician clinician) {
        return Json.object()
                .with("identifier", identifier("us-npi", clinician.npi()))
                .with("display", clinician.given() + " " + clinician.family());
    }

    private static Members object(String type, String id) {
        return Json.object().with("resourceType", type).with("id", id);
    }

    private static Members meta(LocalDateTime at) {
        return Json.object()
                .with("versionId", "1")
                .with("lastUpdated", TIME.format(at))
                .with("security", List.of(coding(TERMINOLOGY + "v3-ActReason", "HTEST", "test health data")));
    }

    private static Members narrative(String text) {
        String div = "<div xmlns=\"http://www.w3.org/1999/xhtml\">" + ClinicalSummary.escaped(text) + "</div>";
        return Json.object().with("status", "generated").with("div", div);
    }

    private static Members coded(Members coding) {
        return Json.object().with("coding", List.of(coding));
    }

    private static Members coding(String system, String code, String display) {
        return Json.object().with("system", system).with("code", code).with("display", display);
    }

    private static Members quantity(BigDecimal value, String unit) {
        return Json.object()
                .with("value", value)
                .with("unit", unit)
                .with("system", "http://unitsofmeasure.org")
                .with("code", unit);
    }

    private static String fullName(Patient patient) {
        return patient.given() + " " + patient.family();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
