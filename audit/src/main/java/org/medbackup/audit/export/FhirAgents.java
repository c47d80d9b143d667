package org.medbackup.audit.export;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who took part, as agents of an AuditEvent: the person, the program, and the ends of the way that data took. */
final class FhirAgents {

    /** Kinds of network addresses. */
    private static final String MACHINE = "1";

    private static final String URI = "5";

    private FhirAgents() {}

    static List<Object> of(Told told, Act act, ExportOrigin origin) {
        var agents = new ArrayList<Object>();
        boolean known = !told.person().isEmpty();
        if (known) {
            agents.add(person(told, origin));
        }
        var service = agent(
                FhirAuditEvent.dicom(DicomCode.APPLICATION),
                FhirAuditEvent.identifier("service", told.service()),
                !known);
        service.put("name", told.service());
        service.put("network", network(told.host(origin), MACHINE));
        agents.add(service);
        ends(told, act, origin).forEach(agents::add);
        return agents;
    }

    private static Map<String, Object> person(Told told, ExportOrigin origin) {
        var person = agent(
                FhirAuditEvent.coding("extra-security-role-type", "humanuser", "human user"),
                FhirAuditEvent.identifier("actor", told.person()),
                true);
        person.put("name", told.person());
        person.put("network", network(told.host(origin), MACHINE));
        if (!told.purpose().isEmpty()) {
            person.put("purposeOfUse", List.of(PurposeOfUse.concept(told.purpose())));
        }
        return person;
    }

    private static List<Object> ends(Told told, Act act, ExportOrigin origin) {
        Object here = FhirAuditEvent.observer(origin);
        String host = told.host(origin);
        Object caller = Map.of("display", host);
        String store = Words.or(told.repository(), "unknown");
        Object repository = FhirAuditEvent.identifier("token", store);
        Object place = network("urn:medbackup:token:" + store, URI);
        return switch (act.flow()) {
            case NONE -> List.of();
            case STORED ->
                List.of(
                        end(DicomCode.SOURCE, caller, network(host, MACHINE)),
                        end(DicomCode.DESTINATION, repository, place));
            case FETCHED ->
                List.of(
                        end(DicomCode.SOURCE, repository, place),
                        end(DicomCode.DESTINATION, caller, network(host, MACHINE)));
            case HANDED_OUT ->
                List.of(
                        end(DicomCode.SOURCE, here, network(Clean.text(origin.host()), MACHINE)),
                        end(DicomCode.DESTINATION, caller, network(host, MACHINE)));
        };
    }

    private static Map<String, Object> end(DicomCode role, Object who, Object network) {
        Map<String, Object> end = agent(FhirAuditEvent.dicom(role), who, false);
        end.put("network", network);
        return end;
    }

    private static Map<String, Object> agent(Object type, Object who, boolean requestor) {
        var agent = new LinkedHashMap<String, Object>();
        agent.put("type", Map.of("coding", List.of(type)));
        agent.put("who", who);
        agent.put("requestor", requestor);
        return agent;
    }

    private static Object network(String address, String kind) {
        var network = new LinkedHashMap<String, Object>();
        network.put("address", Words.or(address, "unknown"));
        network.put("type", kind);
        return network;
    }
}
