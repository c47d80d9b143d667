package org.medbackup.corpus;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Notes in plain text, and as lines for a printed report. */
final class ClinicalNote {

    private static final int LINES_OF_A_PAGE = 68;

    private ClinicalNote() {}

    static byte[] progress(SeededRandom random, Encounter encounter) {
        var lines = head("PROGRESS NOTE", encounter);
        lines.addAll(body(random, encounter));
        return text(lines);
    }

    static byte[] psychotherapy(SeededRandom random, Encounter encounter) {
        var lines = head("PSYCHOTHERAPY NOTES - KEEP SEPARATE FROM THE MEDICAL RECORD (45 CFR 164.501)", encounter);
        lines.add("Individual session, 50 minutes. Contents of conversation:");
        lines.add("Patient spoke of conflict in the family and of sleep disturbed by recurring dreams.");
        lines.addAll(body(random, encounter));
        return text(lines);
    }

    static byte[] substanceUse(SeededRandom random, Encounter encounter) {
        var lines = head("SUBSTANCE USE DISORDER PROGRAM - COUNSELING NOTE", encounter);
        lines.add("42 CFR part 2 prohibits unauthorized use or disclosure of these records.");
        lines.add("");
        lines.add("Opioid use disorder in treatment: " + random.pick("methadone 80 mg", "buprenorphine 16 mg")
                + " daily.");
        lines.addAll(body(random, encounter));
        return text(lines);
    }

    static List<String> radiology(SeededRandom random, Encounter encounter) {
        var lines = head("RADIOLOGY REPORT", encounter);
        lines.addAll(body(random, encounter));
        return lines.stream().limit(LINES_OF_A_PAGE).toList();
    }

    private static List<String> head(String title, Encounter encounter) {
        Patient patient = encounter.patient();
        var lines = new ArrayList<String>();
        lines.add(title);
        lines.add("Synthetic General Hospital - not a real person");
        lines.add("");
        lines.add("Patient: " + patient.family() + ", " + patient.given() + "   MRN: " + patient.mrn());
        lines.add("DOB: " + patient.born() + "   Sex: " + patient.sex().letter() + "   SSN: " + patient.ssn());
        lines.add("Phone: " + patient.phone() + "   E-mail: " + patient.email());
        lines.add("Visit: " + encounter.visit() + "   Department: " + encounter.department());
        lines.add("Admitted: " + encounter.admitted() + "   Discharged: " + encounter.discharged());
        lines.add("");
        return lines;
    }

    private static List<String> body(SeededRandom random, Encounter encounter) {
        var lines = new ArrayList<String>();
        lines.add("Assessment: " + encounter.diagnosis().name() + " ("
                + encounter.diagnosis().code() + ")");
        for (int paragraph = random.between(5, 10); paragraph > 0; paragraph--) {
            lines.add("");
            for (int line = random.between(3, 7); line > 0; line--) {
                lines.add(random.pick(Words.SENTENCES));
            }
        }
        lines.add("");
        for (Encounter.Observation seen : encounter.observations()) {
            lines.add(
                    seen.test().name() + ": " + seen.value() + " " + seen.test().unit() + " " + seen.flag());
        }
        Clinician clinician = encounter.attending();
        lines.add("");
        lines.add("Signed: " + clinician.given() + " " + clinician.family() + ", MD   NPI: " + clinician.npi());
        return lines;
    }

    private static byte[] text(List<String> lines) {
        return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
