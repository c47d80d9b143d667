package org.medbackup.notify.http;

import java.util.HashSet;
import java.util.Set;
import org.medbackup.core.error.ErrorCode;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** What Alertmanager answers when it is asked for alerts. */
final class Firing {

    private static final JsonFactory FACTORY = new JsonFactory();

    private Firing() {}

    /** The labels {@code severity} of the alerts of a list. */
    static Set<String> severities(byte[] list) {
        Set<String> severities = new HashSet<>();
        try (JsonParser in = FACTORY.createParser(ObjectReadContext.empty(), list)) {
            if (in.nextToken() != JsonToken.START_ARRAY) {
                throw strange();
            }
            while (in.nextToken() == JsonToken.START_OBJECT) {
                while (in.nextToken() != JsonToken.END_OBJECT) {
                    boolean labels = in.currentName().equals("labels");
                    in.nextToken();
                    if (labels && in.currentToken() == JsonToken.START_OBJECT) {
                        label(in, severities);
                    } else {
                        in.skipChildren();
                    }
                }
            }
            return severities;
        } catch (JacksonException malformed) {
            // The exception quotes the answer.
            throw strange();
        }
    }

    private static void label(JsonParser in, Set<String> severities) {
        while (in.nextToken() != JsonToken.END_OBJECT) {
            boolean severity = in.currentName().equals("severity");
            in.nextToken();
            if (severity && in.currentToken() == JsonToken.VALUE_STRING) {
                severities.add(in.getString());
            }
            in.skipChildren();
        }
    }

    private static RuntimeException strange() {
        return ErrorCode.NOTIFICATION_REFUSED.because("its server answers with something that is no list of alerts");
    }
}
