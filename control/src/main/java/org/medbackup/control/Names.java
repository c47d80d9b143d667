package org.medbackup.control;

import java.util.regex.Pattern;

/** How things are named, here and in {@code openapi.json}. */
final class Names {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,62}");
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private Names() {}

    static void requireName(String name) {
        require(NAME, name);
    }

    static void requireId(String id) {
        require(ID, id);
    }

    private static void require(Pattern pattern, String text) {
        if (!pattern.matcher(text).matches()) {
            throw new IllegalArgumentException("a name or id is not of the form " + pattern);
        }
    }
}
