package org.medbackup.audit.export;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON by the grammar of RFC 8259, written apart from what writes it. Numbers and words are texts. */
final class JsonReader {

    private final String text;
    private int at;

    private JsonReader(String text) {
        this.text = text;
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> read(String text) {
        var reader = new JsonReader(text);
        Object value = reader.value();
        if (reader.at != text.length()) {
            throw new IllegalArgumentException("it goes on at " + reader.at);
        }
        return (Map<String, Object>) value;
    }

    private char next() {
        return text.charAt(at++);
    }

    private Object value() {
        return switch (text.charAt(at)) {
            case '{' -> members();
            case '[' -> items();
            case '"' -> string();
            default -> word();
        };
    }

    private void expect(char what) {
        if (next() != what) {
            throw new IllegalArgumentException("no " + what + " before " + at);
        }
    }

    private Map<String, Object> members() {
        var members = new LinkedHashMap<String, Object>();
        expect('{');
        if (text.charAt(at) == '}') {
            at++;
            return members;
        }
        do {
            String name = string();
            expect(':');
            if (members.put(name, value()) != null) {
                throw new IllegalArgumentException("twice: " + name);
            }
        } while (isMore('}'));
        return members;
    }

    private List<Object> items() {
        var items = new ArrayList<Object>();
        expect('[');
        if (text.charAt(at) == ']') {
            at++;
            return items;
        }
        do {
            items.add(value());
        } while (isMore(']'));
        return items;
    }

    private boolean isMore(char end) {
        char each = next();
        if (each != ',' && each != end) {
            throw new IllegalArgumentException("neither more nor the end before " + at);
        }
        return each == ',';
    }

    private String string() {
        expect('"');
        var value = new StringBuilder();
        for (char each = next(); each != '"'; each = next()) {
            if (each < ' ' || each > '~') {
                throw new IllegalArgumentException("a character that is not escaped before " + at);
            }
            value.append(each == '\\' ? escaped() : each);
        }
        return value.toString();
    }

    private char escaped() {
        char each = next();
        return switch (each) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> {
                at += 4;
                yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
            }
            case '"', '\\', '/' -> each;
            default -> throw new IllegalArgumentException("no escape before " + at);
        };
    }

    private String word() {
        int from = at;
        while (at < text.length() && "-+.0123456789eEtrufalsn".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        if (from == at) {
            throw new IllegalArgumentException("no value at " + at);
        }
        return text.substring(from, at);
    }
}
