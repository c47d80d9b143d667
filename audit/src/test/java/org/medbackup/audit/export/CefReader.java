package org.medbackup.audit.export;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the Common Event Format as its specification describes it, written apart from what writes it: seven fields of a header
 * between bars, where a backslash takes the meaning from a bar or a backslash; then keys and values, where each value goes on
 * until the next key, which is what stands between a space and a sign of equality that has no backslash before it.
 */
record CefReader(List<String> header, Map<String, String> extension) {

    static CefReader read(String line) {
        if (!line.startsWith("CEF:")) {
            throw new IllegalArgumentException("no CEF");
        }
        List<String> header = new ArrayList<>();
        var field = new StringBuilder();
        int at = 0;
        while (header.size() < 7) {
            char each = line.charAt(at++);
            if (each == '\\') {
                field.append(line.charAt(at++));
            } else if (each == '|') {
                header.add(field.toString());
                field.setLength(0);
            } else {
                field.append(each);
            }
        }
        return new CefReader(header, extension(line.substring(at)));
    }

    private static Map<String, String> extension(String text) {
        var fields = new LinkedHashMap<String, String>();
        int equal = equality(text, 0);
        String key = text.substring(0, equal);
        while (true) {
            int next = equality(text, equal + 1);
            int end = next < 0 ? text.length() : text.lastIndexOf(' ', next);
            String value = text.substring(equal + 1, end);
            if (fields.put(key, unescaped(value)) != null) {
                throw new IllegalArgumentException("twice: " + key);
            }
            if (next < 0) {
                return fields;
            }
            key = text.substring(end + 1, next);
            equal = next;
        }
    }

    private static int equality(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == '=') {
                return i;
            }
        }
        return -1;
    }

    private static String unescaped(String value) {
        var text = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char each = value.charAt(i);
            if (each == '\\') {
                char escaped = value.charAt(++i);
                text.append(escaped == 'n' ? '\n' : escaped == 'r' ? '\r' : escaped);
            } else {
                text.append(each);
            }
        }
        return text.toString();
    }
}
