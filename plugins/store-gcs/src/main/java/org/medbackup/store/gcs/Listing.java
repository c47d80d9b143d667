package org.medbackup.store.gcs;

import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.medbackup.documents.JsonException;
import org.medbackup.documents.JsonValue;

/**
 * A page of a listing.
 *
 * @param objects what it names, in its order
 * @param next where the next page begins, empty where there is none
 */
record Listing(List<Entry> objects, String next) {

    /** What is asked for of a page: its kind tells an empty one from none at all. */
    static final String FIELDS = "kind,nextPageToken,items(name,size,generation)";

    /** Longer than any page of a thousand names is. */
    private static final int LONGEST = 16 << 20;

    private static final String KIND = "storage#objects";

    Listing {
        objects = List.copyOf(objects);
    }

    /**
     * What a page names.
     *
     * @param name as it is in the bucket
     * @param length in bytes
     * @param generation a number; empty where it is not told
     */
    record Entry(String name, long length, String generation) {}

    /**
     * Reads a page.
     *
     * @throws IOException where it is cut, or is none; nothing of it is quoted
     */
    static Listing of(Answer answer) throws IOException {
        try {
            JsonValue.Members page = answer.document(LONGEST);
            if (!page.text("kind").equals(KIND)) {
                throw new EOFException("the answer is no page");
            }
            List<Entry> objects = new ArrayList<>();
            List<JsonValue> items = page.find("items").isPresent() ? page.items("items") : List.of();
            for (JsonValue each : items) {
                objects.add(entry(each));
            }
            return new Listing(objects, page.find("nextPageToken").isPresent() ? page.text("nextPageToken") : "");
        } catch (JsonException | NumberFormatException unreadable) {
            throw new EOFException("the answer is no page");
        }
    }

    private static Entry entry(JsonValue item) throws IOException {
        if (item instanceof JsonValue.Members object) {
            String generation = object.find("generation").isPresent() ? object.text("generation") : "";
            return new Entry(object.text("name"), Long.parseLong(object.text("size")), generation);
        }
        throw new EOFException("the answer is no page");
    }
}
