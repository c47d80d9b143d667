package org.medbackup.notify.http;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.PlainText;
import org.medbackup.core.spi.notify.Notification;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The document of a webhook, as docs/notifications.md has it, and how JSON is written here. The same notification is
 * always the same bytes.
 */
final class Document {

    /** Of the document; a receiver meets others when members are taken away or change their meaning. */
    private static final int VERSION = 1;

    /** Bytes of UTF-8 of a sentence, and of a name. */
    private static final int SENTENCE = 4000;

    private static final int NAME = 400;
    private static final int MEMBERS = 500;

    private static final JsonFactory FACTORY = new JsonFactory();

    private Document() {}

    /** Of a notification. */
    static byte[] of(Notification told) {
        return json(out -> {
            out.writeNumberProperty("version", VERSION);
            out.writeStringProperty("incident", PlainText.oneLine(told.incident(), NAME));
            out.writeStringProperty("kind", word(told.kind()));
            out.writeStringProperty("severity", word(told.severity()));
            out.writeStringProperty("failure", PlainText.oneLine(told.failure(), NAME));
            out.writeStringProperty("title", PlainText.oneLine(told.title(), SENTENCE));
            out.writeStringProperty("host", PlainText.oneLine(told.host(), NAME));
            out.writeStringProperty("resource", PlainText.oneLine(told.resource(), NAME));
            List<String> members = told.members();
            out.writeArrayPropertyStart("members");
            members.stream().limit(MEMBERS).forEach(each -> out.writeString(PlainText.oneLine(each, NAME)));
            out.writeEndArray();
            out.writeNumberProperty("membersOmitted", Math.max(0, members.size() - MEMBERS));
            moment(out, "since", told.since());
            moment(out, "time", told.time());
            moment(out, "protectedUntil", told.protectedUntil());
            out.writeStringProperty("tried", PlainText.oneLine(told.tried(), SENTENCE));
            moment(out, "next", told.next());
            out.writeStringProperty("remedy", PlainText.oneLine(told.remedy(), SENTENCE));
        });
    }

    private static void moment(JsonGenerator out, String name, @Nullable Instant moment) {
        if (moment == null) {
            out.writeNullProperty(name);
        } else {
            out.writeStringProperty(name, moment.toString());
        }
    }

    /** A word as JSON has it. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** UTF-8 of an object with these members. */
    static byte[] json(Consumer<JsonGenerator> members) {
        var bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
            out.writeStartObject();
            members.accept(out);
            out.writeEndObject();
        }
        return bytes.toByteArray();
    }

    /** UTF-8 of a list. */
    static byte[] list(Consumer<JsonGenerator> elements) {
        var bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
            out.writeStartArray();
            elements.accept(out);
            out.writeEndArray();
        }
        return bytes.toByteArray();
    }
}
