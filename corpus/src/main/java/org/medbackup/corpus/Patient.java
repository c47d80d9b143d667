package org.medbackup.corpus;

import java.time.LocalDate;

/**
 * A person who does not exist.
 *
 * @param number which one of a population
 * @param mrn medical record number: eight digits, the last by the Luhn formula
 * @param ssn a Social Security number of an area that is never assigned, as {@code 9NN-NN-NNNN}
 * @param family family name, with the canary where one is planted
 * @param phone of the range for fiction, as {@code NNN-555-01NN}
 * @param email under {@code example.org} (RFC 2606)
 */
public record Patient(
        int number,
        String mrn,
        String ssn,
        String family,
        String given,
        LocalDate born,
        Sex sex,
        Address address,
        String phone,
        String email) {

    /** As sex is recorded for administration. */
    public enum Sex {
        FEMALE,
        MALE,
        UNKNOWN;

        /** {@code F}, {@code M} or {@code U}, as HL7 table 0001, DICOM and X12 have it. */
        public String letter() {
            return name().substring(0, 1);
        }
    }

    /**
     * Where a patient lives: an invented town.
     *
     * @param state two letters
     * @param zip of the prefixes 001 to 004, which the postal service does not use
     */
    public record Address(String street, String town, String state, String zip) {}
}
