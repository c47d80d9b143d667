package org.medbackup.policy.internal.classify;

import java.nio.charset.StandardCharsets;

/** The beginning of a document in XML. */
final class Xml {

    private Xml() {}

    /** Where its first element begins; -1 where this is no XML, or that lies further on. */
    static int root(byte[] text) {
        int at = 0;
        while (true) {
            while (at < text.length && text[at] <= ' ' && text[at] >= 0) {
                at++;
            }
            if (at + 1 >= text.length || text[at] != '<') {
                return -1;
            }
            if (text[at + 1] == '?') {
                at = after(text, at, "?>");
            } else if (Head.has(text, at, "<!--")) {
                at = after(text, at, "-->");
            } else if (text[at + 1] == '!') {
                at = after(text, at, ">");
            } else {
                return Character.isLetter(text[at + 1]) || text[at + 1] == '_' ? at : -1;
            }
            if (at < 0) {
                return -1;
            }
        }
    }

    private static int after(byte[] text, int from, String end) {
        int at = Head.find(text, from, text.length, end);
        return at < 0 ? -1 : at + end.length();
    }

    /** The local name of the element that begins at a place. */
    static String name(byte[] text, int at) {
        int from = at + 1;
        int end = from;
        while (end < text.length && isName(text[end])) {
            if (text[end] == ':') {
                from = end + 1;
            }
            end++;
        }
        return new String(text, from, end - from, StandardCharsets.UTF_8);
    }

    private static boolean isName(byte each) {
        return Character.isLetterOrDigit(each) || each == '_' || each == '-' || each == '.' || each == ':' || each < 0;
    }
}
