package org.medbackup.app.command;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Connection;

/**
 * One command as it is configured.
 *
 * @param arguments program and arguments; {@code {run}} stands for the name of the run
 * @param success exit codes that mean success
 * @param timeout after which it is ended; null for the phase's budget
 */
record Call(
        List<String> arguments,
        Set<Integer> success,
        @Nullable Duration timeout) {

    /** By the options of a step; null where it has no command. */
    static @Nullable Call of(Connection connection, Step step, String otherwise, String successOtherwise) {
        String text = connection.option(step.label(), otherwise);
        if (text.isBlank()) {
            return null;
        }
        String success = connection.option(step.label() + "Success", successOtherwise);
        String seconds = connection.option(step.label() + "Timeout", "");
        return new Call(words(text), codes(success), seconds.isBlank() ? null : Duration.ofSeconds(number(seconds)));
    }

    /** One argument a line; in a single line with blanks between, and double quotes around what holds blanks. */
    static List<String> words(String text) {
        if (text.strip().contains("\n")) {
            return text.strip().lines().map(String::strip).toList();
        }
        List<String> words = new ArrayList<>();
        var word = new StringBuilder();
        boolean quoted = false;
        boolean begun = false;
        for (char each : text.strip().toCharArray()) {
            if (each == '"') {
                quoted = !quoted;
                begun = true;
            } else if (each == ' ' && !quoted) {
                if (begun) {
                    words.add(word.toString());
                    word.setLength(0);
                }
                begun = false;
            } else {
                word.append(each);
                begun = true;
            }
        }
        words.add(word.toString());
        return words;
    }

    static Set<Integer> codes(String text) {
        return Stream.of(text.split(",", -1)).map(each -> number(each.strip())).collect(Collectors.toUnmodifiableSet());
    }

    static int number(String text) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 0 && number <= 86_400) {
                return number;
            }
        } catch (NumberFormatException none) {
            // The same answer as to a number that cannot be meant.
        }
        throw ErrorCode.APPLICATION_URL_MALFORMED.because("an exit code or a number of seconds is wanted");
    }
}
