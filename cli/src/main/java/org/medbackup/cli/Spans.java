package org.medbackup.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Spans of time as people write them: {@code 12h}, {@code 30d}, {@code 1y6m}. A month has 30 days, a year 365. */
final class Spans implements ITypeConverter<Duration> {

    private static final Pattern PART = Pattern.compile("(\\d{1,6})([hdwmy])");
    private static final Pattern WHOLE = Pattern.compile("(" + PART.pattern() + ")+");

    Spans() {}

    @Override
    public Duration convert(String text) {
        if (!WHOLE.matcher(text).matches()) {
            throw new TypeConversionException("'" + text + "' is no span of time such as 12h, 30d, 8w, 6m or 1y6m");
        }
        Duration sum = Duration.ZERO;
        Matcher parts = PART.matcher(text);
        while (parts.find()) {
            sum = sum.plus(part(Long.parseLong(parts.group(1)), parts.group(2)));
        }
        return sum;
    }

    private static Duration part(long count, String unit) {
        return switch (unit) {
            case "h" -> Duration.ofHours(count);
            case "d" -> Duration.ofDays(count);
            case "w" -> Duration.ofDays(7 * count);
            case "m" -> Duration.ofDays(30 * count);
            default -> Duration.ofDays(365 * count);
        };
    }
}
