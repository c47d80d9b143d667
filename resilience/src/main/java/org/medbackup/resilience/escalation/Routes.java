package org.medbackup.resilience.escalation;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.notify.Severity;

/**
 * Who is told, by names of channels. Immutable.
 *
 * @param warning who gets the daily digest; nobody where it is empty
 * @param error who is told of errors
 * @param critical who is told of what is critical: the first at once, each of the others where nobody before took care
 */
public record Routes(List<String> warning, List<String> error, List<List<String>> critical) {

    /**
     * Checks them.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#CHANNEL_INVALID} where nobody is told of
     *     errors or of what is critical
     */
    public Routes {
        warning = List.copyOf(warning);
        error = List.copyOf(error);
        critical = critical.stream().map(List::copyOf).toList();
        if (error.isEmpty() || critical.isEmpty() || critical.stream().anyMatch(List::isEmpty)) {
            throw ErrorCode.CHANNEL_INVALID.because("errors, and each step of what is critical, need a channel");
        }
    }

    /** One channel for everything. */
    public static Routes of(String channel) {
        return new Routes(List.of(channel), List.of(channel), List.of(List.of(channel)));
    }

    /** All channels that are named, the most urgent first. */
    public Set<String> channels() {
        Set<String> all = new LinkedHashSet<>();
        critical.forEach(all::addAll);
        all.addAll(error);
        all.addAll(warning);
        return all;
    }

    /** Who is told by now of an incident by itself; behind the last step that is everybody. */
    List<String> upTo(Severity severity, int step) {
        if (severity == Severity.ERROR) {
            return error;
        }
        return step >= critical.size()
                ? new ArrayList<>(channels())
                : critical.stream()
                        .limit(step + 1L)
                        .flatMap(List::stream)
                        .distinct()
                        .toList();
    }

    /** Who is told with a step for the first time, or again. */
    List<String> step(int step) {
        return step >= critical.size()
                ? Stream.concat(error.stream(), warning.stream()).distinct().toList()
                : critical.get(step);
    }
}
