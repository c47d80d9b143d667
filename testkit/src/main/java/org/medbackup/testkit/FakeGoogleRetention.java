package org.medbackup.testkit;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.medbackup.core.TimeSource;

/**
 * Which objects a {@link FakeGoogle} keeps and until when, as far as Google's documents on Object Retention Lock say: a locked
 * retention is never taken away, unlocked or made shorter; an unlocked one not without a right of its own, which nobody has here.
 */
final class FakeGoogleRetention {

    private static final Pattern WRITTEN =
            Pattern.compile("\"retention\":\\{\"mode\":\"(Locked|Unlocked)\",\"retainUntilTime\":\"([^\"]+)\"}");

    private final Map<String, Kept> kept = new HashMap<>();
    private boolean enabled = true;

    private record Kept(String mode, Instant until) {}

    void disable() {
        enabled = false;
    }

    private static Optional<Kept> read(String json) {
        Matcher written = WRITTEN.matcher(json);
        return written.find()
                ? Optional.of(new Kept(written.group(1), Instant.parse(written.group(2))))
                : Optional.empty();
    }

    /** Whether an object may come with such metadata. */
    boolean takes(String json) {
        return read(json).map(each -> enabled && isLater(each.until())).orElse(true);
    }

    private static boolean isLater(Instant until) {
        return until.isAfter(TimeSource.system().now());
    }

    void put(String name, long generation, String json) {
        read(json).ifPresent(each -> kept.put(name + generation, each));
    }

    /** Changes it, unless it may not be. */
    boolean change(String name, long generation, String json) {
        Kept wanted = read(json).orElse(null);
        if (wanted == null || !enabled || !isLater(wanted.until())) {
            return false;
        }
        Kept now = kept.get(name + generation);
        if (now != null
                && (wanted.until().isBefore(now.until()) || !wanted.mode().equals(now.mode()))) {
            return false;
        }
        kept.put(name + generation, wanted);
        return true;
    }

    boolean protects(String name, long generation) {
        Kept now = kept.get(name + generation);
        return now != null && isLater(now.until());
    }

    /** As a member of what describes an object; empty where it has none. */
    String described(String name, long generation) {
        Kept now = kept.get(name + generation);
        return now == null
                ? ""
                : ",\"retention\":{\"mode\":\"%s\",\"retainUntilTime\":\"%s\"}".formatted(now.mode(), now.until());
    }
}
