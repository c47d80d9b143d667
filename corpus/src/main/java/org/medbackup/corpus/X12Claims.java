package org.medbackup.corpus;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.medbackup.corpus.Encounter.Balance;
import org.medbackup.corpus.Encounter.Order;

/** X12 version 005010 interchanges of one transaction set each, in ASCII, marked as test (ISA15). */
final class X12Claims {

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyyMMdd", Locale.ROOT);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmm", Locale.ROOT);
    private static final String HOSPITAL = "SYNTHETIC GENERAL HOSPITAL";
    private static final String PAYER = "SYNTHETIC MUTUAL";
    private static final String EMPLOYER_NUMBER = "000000000";

    private final StringBuilder text = new StringBuilder(4096);
    private final String control;
    private int segments;

    private X12Claims(int number) {
        this.control = Identifiers.padded(number % 1_000_000_000, 9);
    }

    /** Professional claims, 837 by implementation guide 005010X222A1. */
    static byte[] claims(int number, List<Encounter> encounters) {
        var claims = new X12Claims(number);
        Encounter first = encounters.getFirst();
        LocalDateTime at = first.discharged();
        claims.begin("HC", "837", "005010X222A1", at);
        claims.billing(first, at);
        for (int i = 0; i < encounters.size(); i++) {
            claims.subscriber(i + 2, encounters.get(i).patient());
            claims.claim(encounters.get(i));
        }
        return claims.end();
    }

    private void billing(Encounter first, LocalDateTime at) {
        segment("BHT", "0019", "00", control, DAY.format(at), TIME.format(at), "CH");
        segment("NM1", "41", "2", HOSPITAL, "", "", "", "", "46", "SYNTHHOSP");
        segment("PER", "IC", "BILLING OFFICE", "TE", "2125550100");
        segment("NM1", "40", "2", PAYER, "", "", "", "", "46", "SYNTHPAYER");
        segment("HL", "1", "", "20", "1");
        segment(
                "NM1",
                "85",
                "2",
                HOSPITAL,
                "",
                "",
                "",
                "",
                "XX",
                first.attending().npi());
        segment("N3", "1 HOSPITAL ROAD");
        segment("N4", "QUILLWATER", "NY", "001010001");
        segment("REF", "EI", EMPLOYER_NUMBER);
    }

    private void subscriber(int level, Patient patient) {
        segment("HL", "" + level, "1", "22", "0");
        segment("SBR", "P", "18", "", "", "", "", "", "", "CI");
        segment("NM1", "IL", "1", patient.family(), patient.given(), "", "", "", "MI", "M" + patient.mrn());
        segment("N3", patient.address().street());
        segment(
                "N4",
                patient.address().town(),
                patient.address().state(),
                patient.address().zip());
        segment("DMG", "D8", DAY.format(patient.born()), patient.sex().letter());
        segment("REF", "SY", patient.ssn().replace("-", ""));
        segment("NM1", "PR", "2", PAYER, "", "", "", "", "PI", "SYN001");
    }

    private void claim(Encounter encounter) {
        String charged = money(encounter.balance().charged());
        segment("CLM", encounter.visit(), charged, "", "", "22:B:1", "Y", "A", "Y", "Y");
        segment("HI", "ABK:" + encounter.diagnosis().code().replace(".", ""));
        Clinician clinician = encounter.attending();
        segment("NM1", "82", "1", clinician.family(), clinician.given(), "", "", "", "XX", clinician.npi());
        for (int i = 0; i < encounter.orders().size(); i++) {
            Order order = encounter.orders().get(i);
            segment("LX", "" + (i + 1));
            segment("SV1", "HC:" + order.code(), money(order.balance().charged()), "UN", "1", "", "", "1");
            segment("DTP", "472", "D8", DAY.format(order.at()));
            segment("REF", "6R", order.number());
        }
    }

    /** Payment advice, 835 by implementation guide 005010X221A1; its sums balance as the guide asks (1.10.2.1). */
    static byte[] payments(int number, List<Encounter> encounters) {
        var advice = new X12Claims(number);
        LocalDateTime at = encounters.getFirst().discharged();
        long paid = encounters.stream().mapToLong(stay -> stay.balance().paid()).sum();
        advice.begin("HP", "835", "005010X221A1", at);
        advice.segment("BPR", "I", money(paid), "C", "CHK", "", "", "", "", "", "", "", "", "", "", "", DAY.format(at));
        advice.segment("TRN", "1", advice.control, "1" + EMPLOYER_NUMBER);
        advice.segment("DTM", "405", DAY.format(at));
        advice.segment("N1", "PR", PAYER);
        advice.segment("N3", "2 PAYER PLAZA");
        advice.segment("N4", "MILLBROOK HEATH", "OH", "00202");
        advice.segment("PER", "BL", "PROVIDER SERVICES", "TE", "3035550101");
        advice.segment(
                "N1", "PE", HOSPITAL, "XX", encounters.getFirst().attending().npi());
        advice.segment("LX", "1");
        encounters.forEach(advice::payment);
        return advice.end();
    }

    private void payment(Encounter encounter) {
        Patient patient = encounter.patient();
        Balance sum = encounter.balance();
        segment(
                "CLP",
                encounter.visit(),
                "1",
                money(sum.charged()),
                money(sum.paid()),
                money(sum.due()),
                "12",
                control);
        segment("NM1", "QC", "1", patient.family(), patient.given(), "", "", "", "MI", "M" + patient.mrn());
        segment("DTM", "232", DAY.format(encounter.admitted()));
        segment("DTM", "233", DAY.format(encounter.discharged()));
        for (Order order : encounter.orders()) {
            Balance line = order.balance();
            segment("SVC", "HC:" + order.code(), money(line.charged()), money(line.paid()), "", "1");
            segment("DTM", "472", DAY.format(order.at()));
            segment("CAS", "CO", "45", money(line.adjusted()));
            if (line.due() > 0) {
                segment("CAS", "PR", "1", money(line.due()));
            }
            segment("REF", "6R", order.number());
        }
    }

    private void begin(String group, String set, String guide, LocalDateTime at) {
        String day = DAY.format(at);
        String time = TIME.format(at);
        text.append("ISA*00*          *00*          *ZZ*SYNTHHOSP      *ZZ*SYNTHPAYER     *")
                .append(day, 2, 8)
                .append('*')
                .append(time)
                .append("*^*00501*")
                .append(control)
                .append("*0*T*:~");
        segment("GS", group, "SYNTHHOSP", "SYNTHPAYER", day, time, group(), "X", guide);
        // The count in SE begins with ST.
        segments = 0;
        if ("837".equals(set)) {
            segment("ST", set, "0001", guide);
        } else {
            segment("ST", set, "0001");
        }
    }

    private byte[] end() {
        segment("SE", "" + (segments + 1), "0001");
        segment("GE", "1", group());
        segment("IEA", "1", control);
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** A number without leading zeros, as GS06 is one and ISA13 is not. */
    private String group() {
        return Integer.toString(Integer.parseInt(control) + 1);
    }

    private void segment(String name, String... elements) {
        text.append(name);
        for (String element : elements) {
            text.append('*').append(ascii(element));
        }
        text.append('~');
        segments++;
    }

    /** Letters without their accents: the character set that partners agree on is rarely more than ASCII. */
    private static String ascii(String value) {
        return Normalizer.normalize(value, Normalizer.Form.NFD).replaceAll("[^ -~]|[*~^]", "");
    }

    private static String money(long cents) {
        return cents / 100 + "." + Identifiers.padded(cents % 100, 2);
    }
}
