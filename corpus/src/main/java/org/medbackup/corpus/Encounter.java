package org.medbackup.corpus;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.List;

/**
 * One stay or visit of a patient, with what was seen, ordered and charged.
 *
 * @param visit the visit number, unique within a population
 * @param department its short name, such as {@code CARD}
 * @param admitted in the hospital's local time, taken as UTC
 * @param discharged after it was admitted
 */
public record Encounter(
        String visit,
        Patient patient,
        Clinician attending,
        String department,
        LocalDateTime admitted,
        LocalDateTime discharged,
        Diagnosis diagnosis,
        List<Observation> observations,
        List<Order> orders) {

    public Encounter {
        observations = List.copyOf(observations);
        orders = List.copyOf(orders);
    }

    /** What the patient owes for the orders, and how it comes about. */
    public Balance balance() {
        return orders.stream().map(Order::balance).reduce(Balance.NOTHING, Balance::plus);
    }

    /**
     * What was found.
     *
     * @param code ICD-10-CM with the point
     */
    public record Diagnosis(String code, String name) {}

    /**
     * What is measured.
     *
     * @param loinc code of the test
     * @param unit UCUM
     * @param low least usual value
     * @param high greatest usual value
     */
    public record Test(String loinc, String name, String unit, BigDecimal low, BigDecimal high) {}

    /** A measured value. */
    public record Observation(Test test, BigDecimal value, LocalDateTime at) {

        /** {@code L}, {@code H} or {@code N}: below, above or within what is usual (HL7 table 0078). */
        public String flag() {
            if (value.compareTo(test.low) < 0) {
                return "L";
            }
            return value.compareTo(test.high) > 0 ? "H" : "N";
        }
    }

    /**
     * A service that was ordered and done.
     *
     * @param number the placer's order number, unique within a population
     * @param code HCPCS level II
     */
    public record Order(String number, String code, String name, LocalDateTime at, Balance balance) {}

    /**
     * Money in cents: what was charged is what was written off, what the insurer paid and what the patient owes.
     *
     * @param adjusted written off by contract
     * @param paid by the insurer
     * @param due from the patient
     */
    public record Balance(long adjusted, long paid, long due) {

        static final Balance NOTHING = new Balance(0, 0, 0);

        /** The whole charge. */
        public long charged() {
            return adjusted + paid + due;
        }

        Balance plus(Balance other) {
            return new Balance(adjusted + other.adjusted, paid + other.paid, due + other.due);
        }
    }
}
