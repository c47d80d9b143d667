package org.medbackup.corpus;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON (RFC 8259) without spaces and without what this module never writes; anything else is an error. */
final class StrictJson {

    private final String text;
    private int at;

    private StrictJson(String text) {
        this.text = text;
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> object(String text) {
        var json = new StrictJson(text);
        Object value = json.value();
        if (json.at != text.length()) {
            throw new AssertionError("more text after the value at " + json.at);
        }
        return (Map<String, Object>) value;
    }

    private Object value() {
        return switch (text.charAt(at)) {
            case '{' -> members();
            case '[' -> elements();
            case '"' -> quoted();
            default -> number();
        };
    }

    private Map<String, Object> members() {
        var members = new LinkedHashMap<String, Object>();
        expect('{');
        do {
            String name = quoted();
            expect(':');
            if (members.put(name, value()) != null) {
                throw new AssertionError("a member occurs twice: " + name);
            }
        } while (more());
        expect('}');
        return members;
    }

    private List<Object> elements() {
        var elements = new ArrayList<Object>();
        expect('[');
        do {
            elements.add(value());
        } while (more());
        expect(']');
        return elements;
    }

    private boolean more() {
        if (text.charAt(at) != ',') {
            return false;
        }
        at++;
        return true;
    }

    private String quoted() {
        var value = new StringBuilder();
        expect('"');
        while (text.charAt(at) != '"') {
            char c = text.charAt(at++);
            if (c < 0x20) {
                throw new AssertionError("a control character at " + at);
            }
            value.append(c == '\\' ? escape(text.charAt(at++)) : c);
        }
        expect('"');
        return value.toString();
    }

    private static char escape(char c) {
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'n' -> '\n';
            default -> throw new AssertionError("no such escape: " + c);
        };
    }

    private BigDecimal number() {
        int start = at;
        while ("-.0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return new BigDecimal(text.substring(start, at));
    }

    private void expect(char c) {
        if (text.charAt(at) != c) {
            throw new AssertionError("expected " + c + " at " + at);
        }
        at++;
    }
}
