package org.medbackup.corpus;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.medbackup.corpus.Encounter.Observation;
import org.medbackup.corpus.Encounter.Order;

/** HL7 v2.5.1 messages in UTF-8, each segment ended by a carriage return. */
final class Hl7Message {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss", Locale.ROOT);
    private static final String NPI_AUTHORITY = "NPI&2.16.840.1.113883.4.6&ISO";

    private final StringBuilder message = new StringBuilder(4096);
    private final SeededRandom random;
    private final Encounter encounter;
    private int last;

    private Hl7Message(SeededRandom random, Encounter encounter) {
        this.random = random;
        this.encounter = encounter;
    }

    /** A patient is admitted: {@code ADT^A01}. */
    static byte[] admission(SeededRandom random, Encounter encounter, String control) {
        var message = new Hl7Message(random, encounter);
        message.header("ADT^A01^ADT_A01", control, encounter.admitted());
        message.segment("EVN")
                .field(1, "A01")
                .field(2, TIME.format(encounter.admitted()))
                .end();
        message.person();
        message.kin();
        message.visit();
        message.complaints(random.between(6, 14));
        message.segment("AL1")
                .field(1, "1")
                .field(2, "DA")
                .field(3, "^Penicillin")
                .field(4, "MO")
                .end();
        message.diagnosis();
        message.guarantor();
        String insurer = escaped(random.pick(Words.INSURERS));
        message.segment("IN1")
                .field(1, "1")
                .field(2, "HMO^Managed care")
                .field(3, "SYN001")
                .field(4, insurer)
                .end();
        return message.bytes();
    }

    /** Results of the laboratory: {@code ORU^R01}. */
    static byte[] results(SeededRandom random, Encounter encounter, String control) {
        var message = new Hl7Message(random, encounter);
        message.header("ORU^R01^ORU_R01", control, encounter.discharged());
        message.person();
        message.visit();
        message.order(encounter.orders().getFirst());
        for (int i = 0; i < encounter.observations().size(); i++) {
            message.observation(i + 1, encounter.observations().get(i));
        }
        int remarks = random.between(4, 10);
        for (int i = 1; i <= remarks; i++) {
            message.segment("NTE")
                    .field(1, "" + i)
                    .field(2, "L")
                    .field(3, escaped(random.pick(Words.SENTENCES)))
                    .end();
        }
        return message.bytes();
    }

    private void header(String type, String control, LocalDateTime at) {
        message.append("MSH|^~\\&");
        last = 2;
        field(3, "SYNTH-HIS").field(4, "SYNTHETIC GENERAL").field(5, "ARCHIVE").field(6, "SYNTHETIC GENERAL");
        field(7, TIME.format(at) + "+0000").field(9, type).field(10, control);
        // T is for training: no receiver may take it for a real message.
        field(11, "T")
                .field(12, "2.5.1")
                .field(15, "AL")
                .field(16, "NE")
                .field(17, "USA")
                .field(18, "UNICODE UTF-8");
        end();
    }

    private void person() {
        Patient patient = encounter.patient();
        String mrn = patient.mrn();
        String ssn = patient.ssn().replace("-", "");
        segment("PID")
                .field(1, "1")
                .field(3, mrn.substring(0, 7) + "^" + mrn.substring(7) + "^M10^SYNTH^MR~" + ssn + "^^^USSSA^SS")
                .field(5, name(patient) + "^^^^^L")
                .field(7, TIME.format(patient.born().atStartOfDay()).substring(0, 8))
                .field(8, patient.sex().letter())
                .field(11, address(patient.address()))
                .field(13, phone(patient.phone()) + "~^NET^Internet^" + patient.email())
                .field(18, encounter.visit() + "^^^SYNTH^AN")
                .field(19, ssn)
                .end();
    }

    private void kin() {
        Patient patient = encounter.patient();
        String given = random.pick(random.nextBoolean() ? Words.GIVEN_FEMALE : Words.GIVEN_MALE);
        segment("NK1")
                .field(1, "1")
                .field(2, escaped(patient.family()) + "^" + escaped(given))
                .field(3, "SPO^Spouse")
                .field(4, address(patient.address()))
                .field(5, phone(Identifiers.phone(random)))
                .end();
    }

    private void guarantor() {
        Patient patient = encounter.patient();
        segment("GT1")
                .field(1, "1")
                .field(3, name(patient))
                .field(5, address(patient.address()))
                .field(6, phone(patient.phone()))
                .field(11, "SEL^Self")
                .end();
    }

    private void visit() {
        String bed = encounter.department() + "^" + random.between(100, 499) + "^" + random.pick("A", "B");
        segment("PV1")
                .field(1, "1")
                .field(2, random.pick("I", "O", "E"))
                .field(3, bed + "^SYNTHETIC GENERAL")
                .field(7, attending())
                .field(19, encounter.visit() + "^^^SYNTH^VN")
                .field(44, TIME.format(encounter.admitted()))
                .end();
    }

    private void diagnosis() {
        var diagnosis = encounter.diagnosis();
        segment("DG1")
                .field(1, "1")
                .field(3, diagnosis.code() + "^" + escaped(diagnosis.name()) + "^I10")
                .field(5, TIME.format(encounter.admitted()))
                .field(6, "A")
                .end();
    }

    private void order(Order order) {
        String placer = order.number() + "^SYNTH-HIS";
        String filler = "F" + order.number().substring(1) + "^SYNTH-LAB";
        segment("ORC")
                .field(1, "RE")
                .field(2, placer)
                .field(3, filler)
                .field(12, attending())
                .end();
        segment("OBR")
                .field(1, "1")
                .field(2, placer)
                .field(3, filler)
                .field(4, "24323-8^Panel^LN")
                .field(7, TIME.format(encounter.observations().getFirst().at()))
                .field(16, attending())
                .field(22, TIME.format(encounter.discharged()))
                .field(25, "F")
                .end();
    }

    private void observation(int number, Observation observation) {
        var test = observation.test();
        segment("OBX")
                .field(1, "" + number)
                .field(2, "NM")
                .field(3, test.loinc() + "^" + escaped(test.name()) + "^LN")
                .field(5, observation.value().toPlainString())
                .field(6, escaped(test.unit()) + "^^UCUM")
                .field(7, test.low() + "-" + test.high())
                .field(8, observation.flag())
                .field(11, "F")
                .field(14, TIME.format(observation.at()))
                .end();
    }

    private void complaints(int count) {
        for (int i = 1; i <= count; i++) {
            segment("OBX")
                    .field(1, "" + i)
                    .field(2, "TX")
                    .field(3, "8661-1^Chief complaint^LN")
                    .field(4, "" + i)
                    .field(5, escaped(random.pick(Words.SENTENCES)))
                    .field(11, "F")
                    .end();
        }
    }

    private String attending() {
        Clinician clinician = encounter.attending();
        return clinician.npi() + "^" + escaped(clinician.family()) + "^" + escaped(clinician.given()) + "^^^^^^"
                + NPI_AUTHORITY + "^L^^^NPI";
    }

    private static String name(Patient patient) {
        return escaped(patient.family()) + "^" + escaped(patient.given());
    }

    private static String phone(String number) {
        return "^PRN^PH^^1^" + number.replaceFirst("-", "^");
    }

    private static String address(Patient.Address home) {
        return String.join("^", escaped(home.street()), "", home.town(), home.state(), home.zip(), "USA", "H");
    }

    private Hl7Message segment(String name) {
        message.append(name);
        last = 0;
        return this;
    }

    /** Sets a field of the segment, in rising order; those left out are empty. */
    private Hl7Message field(int number, String value) {
        message.repeat('|', number - last).append(value);
        last = number;
        return this;
    }

    private void end() {
        message.append('\r');
    }

    /** Separators in a value (chapter 2, section 2.7). */
    static String escaped(String value) {
        var text = new StringBuilder(value.length() + 8);
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '|' -> text.append("\\F\\");
                case '^' -> text.append("\\S\\");
                case '&' -> text.append("\\T\\");
                case '~' -> text.append("\\R\\");
                case '\\' -> text.append("\\E\\");
                default -> text.append(c);
            }
        }
        return text.toString();
    }

    private byte[] bytes() {
        return message.toString().getBytes(StandardCharsets.UTF_8);
    }
}
