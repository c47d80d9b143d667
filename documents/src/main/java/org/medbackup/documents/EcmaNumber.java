package org.medbackup.documents;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Numbers as ECMAScript's Number::toString writes them (ECMA-262, 6.1.6.1.20), which RFC 8785 asks for. Java finds the
 * same shortest digits since JDK 19 and only places the point differently.
 */
final class EcmaNumber {

    private EcmaNumber() {}

    /** Java writes two digits at least, even where one names the number. */
    private static BigDecimal shortest(double value) {
        BigDecimal found = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        BigDecimal single = found.round(new MathContext(1));
        return found.precision() == 2 && single.doubleValue() == value ? single : found;
    }

    static String text(double value) {
        if (value == 0) {
            return "0";
        }
        if (value < 0) {
            return "-" + text(-value);
        }
        BigDecimal shortest = shortest(value);
        String digits = shortest.unscaledValue().toString();
        int point = digits.length() - shortest.scale();
        if (point > 21 || point <= -6) {
            String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
            int exponent = point - 1;
            return digits.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+") + Math.abs(exponent);
        }
        if (point <= 0) {
            return "0." + "0".repeat(-point) + digits;
        }
        if (point >= digits.length()) {
            return digits + "0".repeat(point - digits.length());
        }
        return digits.substring(0, point) + "." + digits.substring(point);
    }
}
