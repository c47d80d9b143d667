package org.medbackup.corpus;

import java.math.BigInteger;

/** Numbers that look like those of real people and systems, and cannot be theirs. */
final class Identifiers {

    /** The card issuer prefix that an NPI is checked with (CMS, NPI check digit calculation). */
    private static final String NPI_PREFIX = "80840";

    /** Prime to ten, so that multiplying permutes the numbers of any length: unique by construction. */
    private static final long SPREAD = 7_368_787;

    private Identifiers() {}

    /** A medical record number of eight digits, the last by the Luhn formula (HL7 table 0061, M10). */
    static String mrn(long seed, int number) {
        String body = permuted(SeededRandom.scatter(seed), number, 10_000_000);
        return body + luhn(body);
    }

    /**
     * A National Provider Identifier whose check digit is right. It begins with 2: the standard allows 1 and 2 (CMS,
     * NPI check digit calculation), and those seen in use begin with 1.
     */
    static String npi(long seed, int number) {
        String body = "2" + permuted(SeededRandom.scatter(seed + 1), number, 100_000_000);
        return body + luhn(NPI_PREFIX + body);
    }

    /**
     * A Social Security number with an area of 900 to 999, which are never assigned (Social Security Administration, POMS
     * RM 10201.035), and a group that the tax numbers of those areas (ITIN: 50 and above) do not use either.
     */
    static String ssn(SeededRandom random) {
        return "9" + random.digits(2) + "-" + random.between(10, 49) + "-" + random.digits(4);
    }

    /** 555-0100 to 555-0199 are set apart for fiction (North American Numbering Plan). */
    static String phone(SeededRandom random) {
        return random.pick("212", "303", "415", "503", "617") + "-555-01" + random.digits(2);
    }

    /** A DICOM unique identifier under 2.25, made of 122 random bits as a UUID (PS3.5, B.2). */
    static String uid(SeededRandom random) {
        long high = random.nextLong() & ~0xf000L | 0x4000;
        long low = random.nextLong() >>> 2 | Long.MIN_VALUE;
        var number = new BigInteger(Long.toUnsignedString(high)).shiftLeft(64);
        return "2.25." + number.or(new BigInteger(Long.toUnsignedString(low)));
    }

    /** The digit that makes the sum of the Luhn formula (ISO/IEC 7812-1, annex B) a multiple of ten. */
    static int luhn(String body) {
        int sum = 0;
        for (int i = 0; i < body.length(); i++) {
            int digit = body.charAt(body.length() - 1 - i) - '0';
            int weighed = i % 2 == 0 ? digit * 2 : digit;
            sum += weighed / 10 + weighed % 10;
        }
        return (10 - sum % 10) % 10;
    }

    private static String permuted(long seed, int number, int modulus) {
        if (number < 0 || number >= modulus) {
            throw new IllegalArgumentException("the number must be at least 0 and below " + modulus);
        }
        long offset = Math.floorMod(seed, modulus);
        return padded(
                (number * SPREAD + offset) % modulus, Integer.toString(modulus).length() - 1);
    }

    /** Decimal digits with leading zeros; not by a format, whose digits depend on the locale. */
    static String padded(long number, int width) {
        String digits = Long.toString(number);
        return "0".repeat(Math.max(0, width - digits.length())) + digits;
    }
}
