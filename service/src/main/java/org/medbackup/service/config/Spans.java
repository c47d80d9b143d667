package org.medbackup.service.config;

import java.time.Duration;

/** Lengths of time as the schema writes them, such as {@code 500 ms}, {@code 5 min} or {@code 30d}. */
final class Spans {

    private Spans() {}

    static Duration parse(String text) {
        int digits = 0;
        while (Character.isDigit(text.charAt(digits))) {
            digits++;
        }
        long count = Long.parseLong(text.substring(0, digits));
        return switch (text.substring(digits).strip()) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "min" -> Duration.ofMinutes(count);
            case "d" -> Duration.ofDays(count);
            default -> Duration.ofHours(count);
        };
    }
}
