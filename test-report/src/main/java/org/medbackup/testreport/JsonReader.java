package org.medbackup.testreport;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads one JSON text (RFC 8259) from its beginning to its end. */
final class JsonReader {

    private final String text;
    private int at;

    JsonReader(String text) {
        this.text = text;
    }

    Json read() {
        Json value = value();
        skipSpace();
        if (at < text.length()) {
            throw problem("text after the value");
        }
        return value;
    }

    private Json value() {
        skipSpace();
        return switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> new Json.Text(string());
            case 't' -> word(Json.Word.TRUE);
            case 'f' -> word(Json.Word.FALSE);
            case 'n' -> word(Json.Word.NULL);
            default -> number();
        };
    }

    private Json object() {
        Map<String, Json> members = new LinkedHashMap<>();
        expect('{');
        if (found('}')) {
            return new Json.Obj(members);
        }
        do {
            skipSpace();
            String name = string();
            skipSpace();
            expect(':');
            if (members.put(name, value()) != null) {
                throw problem("\"" + name + "\" stands twice in one object");
            }
        } while (found(','));
        expect('}');
        return new Json.Obj(members);
    }

    private Json array() {
        List<Json> items = new ArrayList<>();
        expect('[');
        if (found(']')) {
            return new Json.Arr(items);
        }
        do {
            items.add(value());
        } while (found(','));
        expect(']');
        return new Json.Arr(items);
    }

    private String string() {
        expect('"');
        var out = new StringBuilder();
        while (peek() != '"') {
            char c = text.charAt(at++);
            if (c < ' ') {
                throw problem("a control character in a text");
            }
            out.append(c == '\\' ? escaped() : c);
        }
        at++;
        return out.toString();
    }

    private char escaped() {
        char c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> codeUnit();
            default -> throw problem("an unknown escape");
        };
    }

    private char codeUnit() {
        if (at + 4 > text.length()) {
            throw problem("the text ends too early");
        }
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(text.charAt(at++), 16);
            if (digit < 0) {
                throw problem("\\u without four hexadecimal digits");
            }
            unit = unit << 4 | digit;
        }
        return (char) unit;
    }

    private Json number() {
        int from = at;
        while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        try {
            return new Json.Num(new BigDecimal(text.substring(from, at)));
        } catch (NumberFormatException _) {
            throw problem("no JSON value");
        }
    }

    private Json word(Json.Word word) {
        String letters = word.name().toLowerCase(Locale.ROOT);
        if (!text.startsWith(letters, at)) {
            throw problem("no JSON value");
        }
        at += letters.length();
        return word;
    }

    /** Whether that character follows, after space; steps over it if so. */
    private boolean found(char wanted) {
        skipSpace();
        boolean found = peek() == wanted;
        if (found) {
            at++;
        }
        return found;
    }

    private void expect(char wanted) {
        if (peek() != wanted) {
            throw problem("'" + wanted + "' expected");
        }
        at++;
    }

    private char peek() {
        if (at >= text.length()) {
            throw problem("the text ends too early");
        }
        return text.charAt(at);
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private JsonException problem(String what) {
        return new JsonException("not JSON at character " + (at + 1) + ": " + what);
    }
}
