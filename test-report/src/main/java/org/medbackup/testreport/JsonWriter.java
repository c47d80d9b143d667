package org.medbackup.testreport;

import java.util.Iterator;
import java.util.Locale;
import java.util.Map;

/** Writes JSON values as text. */
public final class JsonWriter {

    private final StringBuilder out = new StringBuilder();

    private JsonWriter() {}

    /** The value on one line. */
    public static String line(Json value) {
        var writer = new JsonWriter();
        writer.value(value);
        return writer.out.toString();
    }

    /** The object with one member a line, and lists of objects with one object a line, so that differences stay small. */
    public static String lines(Json.Obj object) {
        var writer = new JsonWriter();
        writer.out.append("{\n");
        Iterator<Map.Entry<String, Json>> members = object.members().entrySet().iterator();
        while (members.hasNext()) {
            Map.Entry<String, Json> member = members.next();
            writer.name(member.getKey());
            writer.member(member.getValue());
            writer.out.append(members.hasNext() ? ",\n" : "\n");
        }
        return writer.out.append("}\n").toString();
    }

    private void member(Json value) {
        if (!(value instanceof Json.Arr(var items)) || !items.stream().allMatch(Json.Obj.class::isInstance)) {
            value(value);
            return;
        }
        out.append('[');
        String separator = "\n";
        for (Json item : items) {
            out.append(separator);
            value(item);
            separator = ",\n";
        }
        out.append("\n]");
    }

    private void value(Json value) {
        switch (value) {
            case Json.Obj object -> object(object);
            case Json.Arr array -> array(array);
            case Json.Text(String text) -> string(text);
            case Json.Num(var number) -> out.append(number.toPlainString());
            case Json.Word word -> out.append(word.name().toLowerCase(Locale.ROOT));
        }
    }

    private void object(Json.Obj object) {
        String separator = "";
        out.append('{');
        for (Map.Entry<String, Json> member : object.members().entrySet()) {
            out.append(separator);
            name(member.getKey());
            value(member.getValue());
            separator = ", ";
        }
        out.append('}');
    }

    private void array(Json.Arr array) {
        String separator = "";
        out.append('[');
        for (Json item : array.items()) {
            out.append(separator);
            value(item);
            separator = ", ";
        }
        out.append(']');
    }

    private void name(String name) {
        string(name);
        out.append(": ");
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            character(text.charAt(i));
        }
        out.append('"');
    }

    private void character(char c) {
        switch (c) {
            case '"', '\\' -> out.append('\\').append(c);
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                // Half a surrogate pair has no UTF-8 form: written as it is, it would make the whole file unreadable.
                if (Character.isISOControl(c) || Character.isSurrogate(c)) {
                    out.append(String.format("\\u%04x", (int) c));
                } else {
                    out.append(c);
                }
            }
        }
    }
}
