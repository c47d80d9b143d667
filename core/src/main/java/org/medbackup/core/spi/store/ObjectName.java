package org.medbackup.core.spi.store;

/**
 * The name of an object: lower-case letters, digits, {@code . _ -}, in folders separated by {@code /}; at most 200
 * characters, so that every known target takes it.
 *
 * @param text the name
 */
public record ObjectName(String text) implements Comparable<ObjectName> {

    private static final int LONGEST = 200;

    public ObjectName {
        if (!isName(text)) {
            throw new IllegalArgumentException("not an object name: " + text);
        }
    }

    /** Short for the constructor. */
    public static ObjectName of(String text) {
        return new ObjectName(text);
    }

    /** Whether a text has the form of a name; what a store holds beside them is not ours. */
    public static boolean isName(String text) {
        if (text.isEmpty() || text.length() > LONGEST) {
            return false;
        }
        boolean separated = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '/' || c == '.') {
                if (separated) {
                    return false;
                }
                separated = c == '/';
            } else if (c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '-') {
                separated = false;
            } else {
                return false;
            }
        }
        return !separated;
    }

    @Override
    public int compareTo(ObjectName other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
