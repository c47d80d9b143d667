package org.medbackup.audit.export;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.medbackup.documents.JsonValue;

/**
 * An entry as a resource AuditEvent of FHIR R4. One that hands out the data of one patient keeps the profile of IHE BALP for a
 * disclosure by its source; the other profiles of BALP are of calls of a FHIR server and of tokens, so that none of them is
 * claimed for the rest.
 */
final class FhirAuditEvent implements AuditFormat.Writer {

    static final String DISCLOSURE =
            "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PrivacyDisclosure.Source";

    private static final String DCM = "http://dicom.nema.org/resources/ontology/DCM";
    private static final String TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/";
    private static final String OURS = "urn:medbackup:";
    private static final int SYSTEM_OBJECT = 2;
    private static final int JOB = 20;

    @Override
    public String line(Told told, ExportOrigin origin) {
        var resource = new LinkedHashMap<String, Object>();
        Act act = told.act();
        resource.put("resourceType", "AuditEvent");
        // 64 hexadecimal digits, as many as an id may have.
        resource.put("id", told.leaf());
        if (act == Act.DISCLOSE) {
            resource.put("meta", Map.of("profile", List.of(DISCLOSURE)));
        }
        resource.put("type", dicom(act.type()));
        List<Object> subtypes = subtypes(told, act);
        if (!subtypes.isEmpty()) {
            resource.put("subtype", subtypes);
        }
        resource.put("action", String.valueOf(act.action()));
        if (told.entry().seconds() >= 0) {
            resource.put("period", period(told));
        }
        resource.put("recorded", told.entry().time().toString());
        resource.put("outcome", Integer.toString(told.gravity().outcome()));
        resource.put("outcomeDesc", told.headline());
        if (!told.purpose().isEmpty()) {
            resource.put("purposeOfEvent", List.of(PurposeOfUse.concept(told.purpose())));
        }
        resource.put("agent", FhirAgents.of(told, act, origin));
        resource.put("source", source(origin));
        resource.put("entity", entities(told, act));
        return Clean.canonical(JsonValue.of(resource));
    }

    static Map<String, Object> dicom(DicomCode code) {
        return coding(DCM, code.code(), code.meaning());
    }

    static Map<String, Object> coding(String system, String code, String display) {
        var coding = new LinkedHashMap<String, Object>();
        coding.put("system", system.contains(":") ? system : TERMINOLOGY + system);
        coding.put("code", code);
        coding.put("display", display);
        return coding;
    }

    static Map<String, Object> identifier(String kind, String value) {
        var identifier = new LinkedHashMap<String, Object>();
        identifier.put("system", OURS + kind);
        identifier.put("value", value);
        return Map.of("identifier", identifier);
    }

    private static List<Object> subtypes(Told told, Act act) {
        var subtypes = new ArrayList<Object>();
        if (!act.lifecycle().isEmpty()) {
            subtypes.add(coding("iso-21089-lifecycle", act.lifecycle(), Words.lifecycle(act)));
        }
        if (act == Act.SERVE && (told.isStart() || told.isEnd())) {
            subtypes.add(dicom(told.isStart() ? DicomCode.APPLICATION_START : DicomCode.APPLICATION_STOP));
        }
        if (act == Act.LOGIN || act == Act.LOGOUT) {
            subtypes.add(dicom(act == Act.LOGIN ? DicomCode.LOGIN : DicomCode.LOGOUT));
        }
        return subtypes;
    }

    private static Map<String, Object> period(Told told) {
        Instant end = told.entry().time();
        Instant start = end.minusMillis(Math.round(told.entry().seconds() * 1e3));
        var period = new LinkedHashMap<String, Object>();
        period.put("start", start.toString());
        period.put("end", end.toString());
        return period;
    }

    /** Who tells it. */
    static Map<String, Object> observer(ExportOrigin origin) {
        return Map.of("display", Words.or(Clean.text(origin.host()), "unknown"));
    }

    private static Map<String, Object> source(ExportOrigin origin) {
        var source = new LinkedHashMap<String, Object>();
        source.put("observer", observer(origin));
        source.put("type", List.of(coding("security-source-type", "4", "Application Server")));
        return source;
    }

    private static List<Object> entities(Told told, Act act) {
        var entities = new ArrayList<Object>();
        if (act == Act.DISCLOSE) {
            var patient = new LinkedHashMap<String, Object>(identifier("token", told.patient()));
            patient.put("type", "Patient");
            entities.add(
                    entity(patient, coding("audit-entity-type", "1", "Person"), coding("object-role", "1", "Patient")));
        }
        Map<String, Object> operation = entity(
                identifier("operation", Words.or(told.operation(), "unknown")),
                coding("audit-entity-type", Integer.toString(SYSTEM_OBJECT), "System Object"),
                coding("object-role", Integer.toString(JOB), "Job"));
        operation.put("lifecycle", Words.stage(act));
        operation.put("name", told.action());
        if (!told.reason().isEmpty()) {
            operation.put("description", told.reason());
        }
        operation.put("detail", details(told));
        entities.add(operation);
        return entities;
    }

    private static Map<String, Object> entity(Object what, Object type, Object role) {
        var entity = new LinkedHashMap<String, Object>();
        entity.put("what", what);
        entity.put("type", type);
        entity.put("role", role);
        return entity;
    }

    private static List<Object> details(Told told) {
        var details = new ArrayList<Object>();
        Words.details(told).forEach((name, value) -> {
            var detail = new LinkedHashMap<String, Object>();
            detail.put("type", name);
            detail.put("valueString", value);
            details.add(detail);
        });
        return details;
    }
}
