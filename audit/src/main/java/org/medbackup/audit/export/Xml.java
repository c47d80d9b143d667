package org.medbackup.audit.export;

/** XML under construction, on one line. Texts are clean (see {@link Clean#text}). */
final class Xml {

    private final StringBuilder text = new StringBuilder();

    /** Begins a tag; attributes may follow. */
    Xml open(String element) {
        text.append('<').append(element);
        return this;
    }

    Xml attribute(String name, String value) {
        text.append(' ').append(name).append("=\"");
        escape(value);
        text.append('"');
        return this;
    }

    /** Ends the tag; content follows. */
    Xml close() {
        text.append('>');
        return this;
    }

    /** Ends the tag of an element without content. */
    Xml end() {
        text.append("/>");
        return this;
    }

    /** Ends an element. */
    Xml end(String element) {
        text.append("</").append(element).append('>');
        return this;
    }

    /** An element with a text. */
    Xml element(String name, String content) {
        open(name).close();
        escape(content);
        return end(name);
    }

    private void escape(String value) {
        for (int i = 0; i < value.length(); i++) {
            char each = value.charAt(i);
            switch (each) {
                case '&' -> text.append("&amp;");
                case '<' -> text.append("&lt;");
                case '>' -> text.append("&gt;");
                case '"' -> text.append("&quot;");
                case '\'' -> text.append("&apos;");
                default -> text.append(each);
            }
        }
    }

    String text() {
        return text.toString();
    }
}
