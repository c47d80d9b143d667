package org.medbackup.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Text without a structure is judged by identifiers that hold and by words beside them. */
class PersonalTextTest {

    private static boolean isPersonal(String text) {
        return Heads.of(text).has(Label.PHI);
    }

    @Test
    void identifiersBesideTheirWordsAreAboutAPatient() {
        for (String text : List.of(
                "Patient: Doe, Jane\nMRN: 00482913\nDOB: 1961-04-02\n",
                "Medical Record #  A-1234567 seen today, date of birth 4/2/1961",
                "SSN 123-45-6789 and 078-05-1120, patient admitted",
                "mrn,dob,ssn,name\n482913,1961-04-02,123-45-6789,x\n",
                "Medicare 1EG4-TE5-MK73, patient discharged, medications reviewed, allergies none",
                "Chief complaint: cough. Patient DOB 04/02/1961. Diagnosis: asthma. Medications: none. Vital signs stable.")) {
            assertThat(isPersonal(text)).as(text).isTrue();
        }
    }

    @Test
    void numbersWithoutTheirWordsAndWordsWithoutNumbersAreNot() {
        for (String text : List.of(
                "version 123-45-6789-1 of 1961-04-02",
                "000-12-3456 and 666-12-3456 and 912-12-3456 and 123-00-4567 and 123-45-0000, patient, diagnosis",
                "class Patient { String mrn; LocalDate dob; } // diagnosis, medications",
                "The patient is admitted when the diagnosis is made.",
                "call 415-555-0137, write to a@example.org, b@example.org or c@example.org",
                "NPI 1234567893 is a number of a provider",
                "turning, burns, admrnx 12345678 dobbin 1961-04-02")) {
            assertThat(isPersonal(text)).as(text).isFalse();
        }
    }

    @Test
    void theConfidenceGrowsWithWhatIsFound() {
        double little = Heads.of("MRN: 00482913, patient, diagnosis")
                .finding(Label.PHI)
                .orElseThrow()
                .confidence();
        double much = Heads.of("MRN: 00482913 DOB: 1961-04-02 SSN 123-45-6789, patient, diagnosis, 415-555-0137")
                .finding(Label.PHI)
                .orElseThrow()
                .confidence();

        assertThat(little).isBetween(0.5, 0.7);
        assertThat(much).isGreaterThan(0.95).isLessThan(1);
    }

    @Test
    void whatNeedsMoreThanTheChartIsToldFromIt() {
        String person = "Patient MRN: 00482913 DOB: 1961-04-02\n";

        assertThat(Heads.of(person + "PSYCHOTHERAPY NOTE\nSession 3").has(Label.PSYCHOTHERAPY))
                .isTrue();
        assertThat(Heads.of(person + "PSYCHOTHERAPY NOTE").sensitivity()).isEqualTo(Sensitivity.PHI_RESTRICTED);
        assertThat(Heads.of(person + "42 CFR part 2 prohibits\nunauthorized disclosure")
                        .finding(Label.PART2))
                .hasValueSatisfying(found -> assertThat(found.reason()).isEqualTo(Reason.PART2_NOTICE));
        assertThat(Heads.of(person + "42 CFR\n  Part 2").has(Label.PART2))
                .as("over a line's end")
                .isTrue();
        assertThat(Heads.of(person + "Methadone for opioid use disorder, Opioid Treatment Program")
                        .finding(Label.PART2))
                .hasValueSatisfying(found -> assertThat(found.reason()).isEqualTo(Reason.PART2_TREATMENT));
        assertThat(Heads.of(person + "Methadone for pain").sensitivity()).isEqualTo(Sensitivity.PHI);
        assertThat(Heads.of("The law on psychotherapy notes and 42 CFR Part 2").findings())
                .as("about nobody")
                .isEmpty();
        assertThat(Heads.of("{\"resourceType\":\"Condition\",\"meta\":{\"security\":[{\"code\":\"ETH\"}]}}")
                        .has(Label.PART2))
                .isTrue();
        assertThat(Heads.of("{\"resourceType\":\"DocumentReference\",\"meta\":{\"security\":[{\"code\":\"PSYTHPN\"}]}}")
                        .has(Label.PSYCHOTHERAPY))
                .isTrue();
    }

    @Test
    void aReportThatShowsItsTextInAPdfIsAboutItsPatient() {
        Classification found = Heads.of("%PDF-1.4\n1 0 obj BT (Patient MRN: 00482913 DOB: 1961-04-02 diagnosis) Tj ET");

        assertThat(found.kind()).isEqualTo(DataKind.PDF);
        assertThat(found.finding(Label.PHI).orElseThrow().reason()).isEqualTo(Reason.IDENTIFIERS);
    }
}
