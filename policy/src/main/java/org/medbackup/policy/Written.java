package org.medbackup.policy;

import java.time.Duration;
import java.time.Period;
import java.util.Optional;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;

/** Values as a policy writes them. */
final class Written {

    private static final String FOREVER = "forever";

    private Written() {}

    static Optional<String> text(Members of, String name) {
        return of.find(name).isPresent() ? Optional.of(of.text(name)) : Optional.empty();
    }

    static Optional<Long> whole(Members of, String name) {
        return of.find(name).isPresent() ? Optional.of(of.whole(name)) : Optional.empty();
    }

    static boolean isTrue(Members of, String name) {
        return of.find(name).filter(new JsonValue.Truth(true)::equals).isPresent();
    }

    static double number(Members of, String name) {
        return of.find(name)
                .map(each -> switch (each) {
                    case JsonValue.Whole whole -> (double) whole.value();
                    case JsonValue.Decimal decimal -> decimal.value();
                    default -> throw new IllegalStateException("the schema lets no other value stand here");
                })
                .orElse(0.0);
    }

    static Duration duration(String text) {
        return text.endsWith("h") ? Duration.ofHours(count(text)) : Duration.ofDays(count(text));
    }

    static Period period(String text) {
        if (text.equals(FOREVER)) {
            return RetentionClass.FOREVER;
        }
        return switch (text.charAt(text.length() - 1)) {
            case 'd' -> Period.ofDays(count(text));
            case 'm' -> Period.ofMonths(count(text));
            default -> Period.ofYears(count(text));
        };
    }

    /** As a policy writes it. */
    static String span(Period period) {
        if (period.isZero()) {
            return "no time";
        }
        if (period.equals(RetentionClass.FOREVER)) {
            return FOREVER;
        }
        return period.getYears() > 0
                ? period.getYears() + "y"
                : period.getMonths() > 0 ? period.getMonths() + "m" : period.getDays() + "d";
    }

    private static int count(String text) {
        return Integer.parseInt(text.substring(0, text.length() - 1));
    }
}
