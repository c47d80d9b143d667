package org.medbackup.audit.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import org.medbackup.audit.AuditEntry;
import org.medbackup.core.syslog.SyslogMessage;

/**
 * An entry as IHE ITI-20 sends it: a message of RFC 5424 whose text is an audit message of DICOM PS3.15, A.5. Facility 10 and
 * severity 5 are priority 85. The number of the entry is the message's {@code sequenceId} (RFC 5424, 7.3.1), so that a receiver
 * sees gaps.
 */
final class AtnaMessage implements AuditFormat.Writer {

    private static final int SECURITY = 10;
    private static final int NOTICE = 5;
    private static final String KIND = "IHE+RFC-3881";
    private static final long SEQUENCE_END = 2_147_483_647;
    private static final String DCM = "DCM";
    private static final String LIFECYCLE = "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle";

    @Override
    public String line(Told told, ExportOrigin origin) {
        return new String(wrapped(told.entry(), origin, KIND, message(told, origin)), UTF_8);
    }

    /** A text as a message of RFC 5424. */
    static byte[] wrapped(AuditEntry entry, ExportOrigin origin, String kind, String text) {
        String header = SyslogMessage.header(SECURITY, NOTICE, entry.time(), Clean.text(origin.host()), kind);
        String sequence = "[meta sequenceId=\"" + (entry.index() % SEQUENCE_END + 1) + "\"]";
        return SyslogMessage.of(header, sequence, text);
    }

    /** The XML alone. */
    static String message(Told told, ExportOrigin origin) {
        var xml = new Xml();
        Act act = told.act();
        xml.open("AuditMessage").close();
        event(xml, told, act);
        participants(xml, told, act, origin);
        xml.open("AuditSourceIdentification").attribute("AuditSourceID", host(Clean.text(origin.host())));
        xml.close().open("AuditSourceTypeCode").attribute("csd-code", "4").end();
        xml.end("AuditSourceIdentification");
        object(xml, told, act);
        xml.end("AuditMessage");
        return xml.text();
    }

    private static String host(String host) {
        return Words.or(host, "unknown");
    }

    private static void event(Xml xml, Told told, Act act) {
        xml.open("EventIdentification")
                .attribute("EventActionCode", String.valueOf(act.action()))
                .attribute("EventDateTime", told.entry().time().toString())
                .attribute(
                        "EventOutcomeIndicator", Integer.toString(told.gravity().outcome()))
                .close();
        code(xml, "EventID", act.type().code(), DCM, act.type().meaning());
        if (!act.lifecycle().isEmpty()) {
            code(xml, "EventTypeCode", act.lifecycle(), LIFECYCLE, Words.lifecycle(act));
        }
        if (act == Act.SERVE && (told.isStart() || told.isEnd())) {
            type(xml, told.isStart() ? DicomCode.APPLICATION_START : DicomCode.APPLICATION_STOP);
        }
        if (act == Act.LOGIN || act == Act.LOGOUT) {
            type(xml, act == Act.LOGIN ? DicomCode.LOGIN : DicomCode.LOGOUT);
        }
        xml.element("EventOutcomeDescription", told.headline());
        xml.end("EventIdentification");
    }

    private static void type(Xml xml, DicomCode code) {
        code(xml, "EventTypeCode", code.code(), DCM, code.meaning());
    }

    private static void code(Xml xml, String element, String code, String system, String text) {
        xml.open(element)
                .attribute("csd-code", code)
                .attribute("codeSystemName", system)
                .attribute("originalText", text)
                .end();
    }

    private static void participants(Xml xml, Told told, Act act, ExportOrigin origin) {
        boolean known = !told.person().isEmpty();
        String host = told.host(origin);
        if (known) {
            xml.open("ActiveParticipant")
                    .attribute("UserID", told.person())
                    .attribute("UserIsRequestor", "true")
                    .attribute("NetworkAccessPointID", host)
                    .attribute("NetworkAccessPointTypeCode", "1")
                    .end();
        }
        participant(xml, told.service(), !known, host, "1", DicomCode.APPLICATION);
        String here = host(Clean.text(origin.host()));
        String store = "urn:medbackup:token:" + Words.or(told.repository(), "unknown");
        switch (act.flow()) {
            case NONE -> {}
            case STORED -> {
                participant(xml, host, false, host, "1", DicomCode.SOURCE);
                participant(xml, store, false, store, "5", DicomCode.DESTINATION);
            }
            case FETCHED -> {
                participant(xml, store, false, store, "5", DicomCode.SOURCE);
                participant(xml, host, false, host, "1", DicomCode.DESTINATION);
            }
            case HANDED_OUT -> {
                participant(xml, here, false, here, "1", DicomCode.SOURCE);
                participant(xml, host, false, host, "1", DicomCode.DESTINATION);
            }
        }
    }

    private static void participant(Xml xml, String user, boolean requestor, String host, String kind, DicomCode role) {
        xml.open("ActiveParticipant")
                .attribute("UserID", user)
                .attribute("UserIsRequestor", Boolean.toString(requestor))
                .attribute("NetworkAccessPointID", host)
                .attribute("NetworkAccessPointTypeCode", kind)
                .close();
        code(xml, "RoleIDCode", role.code(), DCM, role.meaning());
        xml.end("ActiveParticipant");
    }

    private static void object(Xml xml, Told told, Act act) {
        if (act == Act.DISCLOSE) {
            begin(xml, told.patient(), "1", "1", act);
            code(xml, "ParticipantObjectIDTypeCode", "token", "MedBackup", "Token of the patient");
            xml.element("ParticipantObjectName", "patient").end("ParticipantObjectIdentification");
        }
        begin(xml, Words.or(told.operation(), "unknown"), "2", "20", act);
        code(xml, "ParticipantObjectIDTypeCode", "operation", "MedBackup", "Operation of MedBackup");
        xml.element("ParticipantObjectName", told.action());
        Words.details(told).forEach((name, value) -> detail(xml, name, value));
        if (!told.purpose().isEmpty()) {
            detail(xml, "purposeOfUse", told.purpose());
        }
        if (!told.reason().isEmpty()) {
            detail(xml, "reason", told.reason());
        }
        xml.end("ParticipantObjectIdentification");
    }

    private static void begin(Xml xml, String id, String type, String role, Act act) {
        xml.open("ParticipantObjectIdentification")
                .attribute("ParticipantObjectID", id)
                .attribute("ParticipantObjectTypeCode", type)
                .attribute("ParticipantObjectTypeCodeRole", role)
                .attribute("ParticipantObjectDataLifeCycle", Integer.toString(act.stage()))
                .close();
    }

    private static void detail(Xml xml, String name, String value) {
        xml.open("ParticipantObjectDetail")
                .attribute("type", name)
                .attribute("value", Base64.getEncoder().encodeToString(value.getBytes(UTF_8)))
                .end();
    }
}
