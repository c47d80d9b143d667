package org.medbackup.service.config;

/** Parts of a whole as the schema writes them, such as {@code 15%}. */
final class Parts {

    private Parts() {}

    static boolean isPart(String text) {
        return text.endsWith("%");
    }

    static double parse(String text) {
        return Integer.parseInt(text.substring(0, text.length() - 1).strip()) / 100.0;
    }
}
