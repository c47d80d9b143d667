package org.medbackup.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.corpus.Encounter.Balance;

class PatientsTest {

    private final Patients patients = Patients.of(1);

    static LongStream seeds() {
        return Seeds.of(20);
    }

    @Test
    void thePeopleOfASeedNeverChange() {
        var all = new StringBuilder();
        IntStream.range(0, 100).forEach(i -> all.append(patients.patient(i)).append(patients.encounters(i)));

        assertThat(Digests.of(all.toString().getBytes(StandardCharsets.UTF_8))).isEqualTo("36c112561ff3b748");
        assertThat(Patients.of(2).patient(1)).isNotEqualTo(patients.patient(1));
    }

    @Test
    void aLocaleWithOtherDigitsMakesNoDifference() {
        Locale before = Locale.getDefault();
        Encounter expected = patients.encounters(3).getFirst();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            assertThat(Patients.of(1).encounters(3).getFirst()).isEqualTo(expected);
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void recordNumbersAreUniqueAndCheckable() {
        var seen = new HashSet<String>();
        for (int i = 0; i < 100_000; i++) {
            String mrn = Identifiers.mrn(1, i);
            assertThat(seen.add(mrn)).isTrue();
            assertThat(sumsToTen(mrn)).isTrue();
        }
        assertThat(patients.patient(9_999_999).mrn()).matches("[0-9]{8}").isNotIn(seen);
    }

    @Test
    void providerNumbersPassTheCheckOfTheirStandard() {
        // The example of the CMS page on the check digit: 1234567893.
        assertThat(sumsToTen("80840" + "1234567893")).isTrue();

        for (int i = 0; i < 10_000; i++) {
            String npi = patients.clinician(i).npi();
            assertThat(npi).matches("2[0-9]{9}");
            assertThat(sumsToTen("80840" + npi)).isTrue();
        }
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void nobodyCanBeTakenForSomeone(long seed) {
        for (int i = 0; i < 200; i++) {
            Patient patient = Patients.of(seed).patient(i);
            assertThat(patient.number()).isEqualTo(i);
            assertThat(patient.ssn()).matches("9[0-9]{2}-[1-4][0-9]-[0-9]{4}");
            assertThat(patient.phone()).matches("[0-9]{3}-555-01[0-9]{2}");
            assertThat(patient.email()).endsWith(".example.org");
            assertThat(patient.address().zip()).matches("00[1-4][0-9]{2}");
            assertThat(patient.address().state()).matches("[A-Z]{2}");
            assertThat(patient.born()).isBetween("1930-01-01", "2024-12-31");
        }
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void encountersArePlausible(long seed) {
        for (int i = 0; i < 50; i++) {
            var encounters = Patients.of(seed).encounters(i);
            assertThat(encounters).isSortedAccordingTo(Comparator.comparing(Encounter::admitted));
            for (Encounter stay : encounters) {
                assertThat(stay.patient()).isEqualTo(Patients.of(seed).patient(i));
                assertThat(stay.discharged()).isAfter(stay.admitted());
                assertThat(stay.discharged().getYear()).isEqualTo(2025);
                assertThat(stay.orders()).isNotEmpty();
                assertThat(stay.observations()).hasSizeGreaterThanOrEqualTo(10).allSatisfy(seen -> {
                    assertThat(seen.value()).isPositive();
                    assertThat(seen.flag()).isIn("L", "N", "H");
                    assertThat(seen.at()).isBetween(stay.admitted(), stay.discharged());
                    assertThat(sumsToTen(seen.test().loinc().replace("-", "")))
                            .as("LOINC check digit")
                            .isTrue();
                });
            }
        }
    }

    @Test
    void valuesOutOfTheUsualAreSeenAndFlagged() {
        var flags = IntStream.range(0, 100)
                .mapToObj(patients::encounters)
                .flatMap(stays -> stays.stream().flatMap(stay -> stay.observations().stream()))
                .map(Encounter.Observation::flag)
                .distinct();

        assertThat(flags).containsExactlyInAnyOrder("L", "N", "H");
    }

    @Test
    void whatIsChargedIsWrittenOffPaidOrDue() {
        for (Encounter stay : patients.encounters(5)) {
            Balance sum = stay.balance();
            assertThat(sum.charged()).isPositive().isEqualTo(sum.adjusted() + sum.paid() + sum.due());
            assertThat(stay.orders().stream()
                            .mapToLong(order -> order.balance().charged())
                            .sum())
                    .isEqualTo(sum.charged());
        }
    }

    @Test
    void aCanaryChangesTheNameAndNothingElse() {
        Patient plain = patients.patient(9);
        Patient marked = patients.withCanary("CANARY7F3A").patient(9);

        assertThat(marked.family()).isEqualTo(plain.family() + "CANARY7F3A");
        assertThat(marked.mrn()).isEqualTo(plain.mrn());
        assertThatThrownBy(() -> patients.withCanary("not & safe")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aNumberBeyondThePopulationIsRefused() {
        assertThatThrownBy(() -> patients.patient(10_000_000)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> patients.patient(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Luhn, written the other way round than in the main code. */
    private static boolean sumsToTen(String number) {
        int sum = 0;
        boolean twice = false;
        for (int i = number.length() - 1; i >= 0; i--, twice = !twice) {
            int digit = Character.digit(number.charAt(i), 10);
            sum += twice ? "0246813579".charAt(digit) - '0' : digit;
        }
        return sum % 10 == 0;
    }
}
