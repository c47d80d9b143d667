package org.medbackup.notify.http;

import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue;
import org.medbackup.testkit.HttpReceiver;

/** What requests of these tests hold. */
final class Requests {

    private Requests() {}

    static JsonValue.Members json(HttpReceiver.Request request) {
        return Json.parseMembers(request.text());
    }
}
