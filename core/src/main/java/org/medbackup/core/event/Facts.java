package org.medbackup.core.event;

import java.util.Map;
import java.util.TreeMap;

/**
 * What is known about an event, as names and values in a fixed order.
 *
 * @param open values that may be recorded as they are: ids, counts, codes
 * @param veiled values that can name a person, such as paths: a listener records only a keyed digest of them
 */
public record Facts(Map<String, String> open, Map<String, String> veiled) {

    /** Nothing. */
    public static final Facts NONE = new Facts(Map.of(), Map.of());

    public Facts {
        open = java.util.Collections.unmodifiableMap(new TreeMap<>(open));
        veiled = java.util.Collections.unmodifiableMap(new TreeMap<>(veiled));
    }

    /** One open value. */
    public static Facts of(String name, Object value) {
        return NONE.and(name, value);
    }

    /** These facts and one open value more. */
    public Facts and(String name, Object value) {
        Map<String, String> more = new TreeMap<>(open);
        more.put(name, String.valueOf(value));
        return new Facts(more, veiled);
    }

    /** These facts and one veiled value more. */
    public Facts andVeiled(String name, Object value) {
        Map<String, String> more = new TreeMap<>(veiled);
        more.put(name, String.valueOf(value));
        return new Facts(open, more);
    }
}
