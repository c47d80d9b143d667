package org.medbackup.corpus;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON (RFC 8259) without spaces, its members in the order given; no object or list is empty. */
final class Json {

    private Json() {}

    /** An object, for now without members. */
    static Members object() {
        return new Members();
    }

    /** An object in the making. */
    static final class Members {

        private final Map<String, Object> members = new LinkedHashMap<>();

        Members with(String name, Object value) {
            members.put(name, value);
            return this;
        }
    }

    /** Objects, lists, texts and numbers as one line. */
    static String text(Object value) {
        var text = new StringBuilder(1024);
        append(text, value);
        return text.toString();
    }

    private static void append(StringBuilder text, Object value) {
        switch (value) {
            case Members object -> {
                char before = '{';
                for (Map.Entry<String, Object> member : object.members.entrySet()) {
                    quote(text.append(before), member.getKey());
                    append(text.append(':'), member.getValue());
                    before = ',';
                }
                text.append('}');
            }
            case List<?> list -> {
                char before = '[';
                for (Object element : list) {
                    append(text.append(before), element);
                    before = ',';
                }
                text.append(']');
            }
            case BigDecimal number -> text.append(number.toPlainString());
            default -> quote(text, value.toString());
        }
    }

    private static void quote(StringBuilder text, String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> text.append('\\').append(c);
                case '\n' -> text.append("\\n");
                default -> text.append(c);
            }
        }
        text.append('"');
    }
}
