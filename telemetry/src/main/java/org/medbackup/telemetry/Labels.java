package org.medbackup.telemetry;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Values of one label, of which there are never more than a bound: what is no name becomes {@link #OTHER}, and so does what
 * comes when the bound is reached. Safe for use by several threads.
 */
final class Labels {

    static final String OTHER = "other";
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,62}");

    private final int most;
    private final Runnable overflow;
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    /** With a call for each value that is not shown. */
    Labels(int most, Runnable overflow) {
        this.most = most;
        this.overflow = overflow;
    }

    /** The value to show. */
    String of(String value) {
        if (known.contains(value)) {
            return value;
        }
        if (NAME.matcher(value).matches() && take(value)) {
            return value;
        }
        overflow.run();
        return OTHER;
    }

    private synchronized boolean take(String value) {
        return known.size() < most && known.add(value);
    }
}
