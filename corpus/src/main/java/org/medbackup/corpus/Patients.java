package org.medbackup.corpus;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.medbackup.corpus.ClinicalCodes.Service;
import org.medbackup.corpus.Encounter.Balance;
import org.medbackup.corpus.Encounter.Observation;
import org.medbackup.corpus.Encounter.Order;
import org.medbackup.corpus.Encounter.Test;

/**
 * A population by seed. The n-th patient, clinician or encounter is always the same, whatever was asked for before, and
 * numbers never meet within a population.
 *
 * <p>Nobody is real, and nobody can be taken for someone: Social Security numbers of areas never assigned, telephone
 * numbers of the range for fiction, postal codes not in use, provider numbers of a range not in use, mail addresses
 * under {@code example.org}, invented towns. Immutable and safe for use by several threads.
 */
public final class Patients {

    private static final LocalDateTime FIRST_DAY = LocalDateTime.of(2025, 1, 1, 0, 0);
    private static final int YEAR_IN_MINUTES = 365 * 24 * 60;
    private static final int VISITS_OF_ONE = 100;

    private final long seed;
    private final String canary;

    private Patients(long seed, String canary) {
        this.seed = seed;
        this.canary = canary;
    }

    /** The population of a seed. */
    public static Patients of(long seed) {
        return new Patients(seed, "");
    }

    /**
     * The same people with a marker at the end of each family name, which every kind of document carries: a test looks for
     * it where no patient's name may be.
     *
     * @param marker 1 to 24 ASCII letters and digits, which no format has to escape
     */
    public Patients withCanary(String marker) {
        if (!marker.matches("[A-Za-z0-9]{1,24}")) {
            throw new IllegalArgumentException("a canary is 1 to 24 ASCII letters and digits");
        }
        return new Patients(seed, marker);
    }

    /** A person of the population, from 0 to 9,999,999. */
    public Patient patient(int number) {
        var random = random("patient", number);
        Patient.Sex sex = random.oneIn(50) ? Patient.Sex.UNKNOWN : random.pick(Patient.Sex.FEMALE, Patient.Sex.MALE);
        boolean female = sex == Patient.Sex.FEMALE || sex == Patient.Sex.UNKNOWN && random.nextBoolean();
        String given = random.pick(female ? Words.GIVEN_FEMALE : Words.GIVEN_MALE);
        String family = random.pick(Words.FAMILY);
        LocalDate born = LocalDate.of(1930, 1, 1).plusDays(random.below(95 * 365));
        return new Patient(
                number,
                Identifiers.mrn(seed, number),
                Identifiers.ssn(random),
                family + canary,
                given,
                born,
                sex,
                address(random),
                Identifiers.phone(random),
                "patient" + number + "@mail.example.org");
    }

    private static Patient.Address address(SeededRandom random) {
        String street = random.between(1, 999) + " " + random.pick(Words.STREETS) + " "
                + random.pick("Street", "Road", "Lane", "Avenue");
        String zip = "00" + random.between(1, 4) + random.digits(2);
        return new Patient.Address(street, random.pick(Words.TOWNS), random.pick(Words.STATES), zip);
    }

    /** A physician, from 0 to 99,999,999. */
    public Clinician clinician(int number) {
        var random = random("clinician", number);
        List<String> given = random.pick(List.of(Words.GIVEN_FEMALE, Words.GIVEN_MALE));
        return new Clinician(Identifiers.npi(seed, number), random.pick(Words.FAMILY), random.pick(given));
    }

    /** The one to five encounters of a person, in the year 2025, in the order of time. */
    public List<Encounter> encounters(int patient) {
        int count = random("encounters", patient).between(1, 5);
        return IntStream.range(0, count)
                .mapToObj(visit -> encounter(patient, visit))
                .sorted(Comparator.comparing(Encounter::admitted))
                .toList();
    }

    /** One encounter of a person, its visit from 0 to 99. */
    Encounter encounter(int patient, int visit) {
        int number = Math.addExact(Math.multiplyExact(patient, VISITS_OF_ONE), visit);
        var random = random("encounter", number);
        LocalDateTime admitted = FIRST_DAY.plusMinutes(random.below(YEAR_IN_MINUTES - 14 * 24 * 60));
        LocalDateTime discharged = admitted.plusMinutes(random.between(40, 10 * 24 * 60));
        return new Encounter(
                "V" + Identifiers.padded(number, 9),
                patient(patient),
                clinician(random.below(200)),
                random.pick(ClinicalCodes.DEPARTMENTS),
                admitted,
                discharged,
                random.pick(ClinicalCodes.DIAGNOSES),
                observations(random, admitted),
                orders(random, number, admitted));
    }

    private static List<Observation> observations(SeededRandom random, LocalDateTime admitted) {
        var laboratory = random.shuffled(ClinicalCodes.LABORATORY).subList(0, random.between(4, 14));
        LocalDateTime drawn = admitted.plusMinutes(random.between(5, 35));
        return Stream.concat(ClinicalCodes.VITAL_SIGNS.stream(), laboratory.stream())
                .map(test -> new Observation(test, value(random, test), drawn))
                .toList();
    }

    /** Usual three times in four, else below or above by up to half of the usual range. */
    private static BigDecimal value(SeededRandom random, Test test) {
        int scale = test.high().scale();
        long low = test.low().setScale(scale).unscaledValue().longValueExact();
        long high = test.high().unscaledValue().longValueExact();
        long beyond = Math.min((high - low) / 2, low / 2);
        long value = random.oneIn(4) ? random.between(low - beyond, high + beyond) : random.between(low, high);
        return new BigDecimal(BigInteger.valueOf(value), scale);
    }

    private static List<Order> orders(SeededRandom random, int encounter, LocalDateTime admitted) {
        var orders = new ArrayList<Order>();
        for (Service service : random.shuffled(ClinicalCodes.SERVICES).subList(0, random.between(1, 5))) {
            long charged = service.price() * (long) random.between(1, 3);
            long adjusted = charged * random.between(20, 45) / 100;
            long due = charged * random.between(0, 20) / 100;
            String number = "O" + Identifiers.padded(encounter, 9) + orders.size();
            LocalDateTime at = admitted.plusMinutes(random.between(1, 39));
            var balance = new Balance(adjusted, charged - adjusted - due, due);
            orders.add(new Order(number, service.code(), service.name(), at, balance));
        }
        return orders;
    }

    private SeededRandom random(String what, int number) {
        return SeededRandom.of(seed ^ what.hashCode(), number);
    }
}
