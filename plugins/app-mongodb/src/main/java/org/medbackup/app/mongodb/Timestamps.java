package org.medbackup.app.mongodb;

import org.bson.BsonTimestamp;
import org.jspecify.annotations.Nullable;

/** Times of operations as text: seconds since 1970, a colon, and a count within the second. */
final class Timestamps {

    private Timestamps() {}

    static String text(@Nullable BsonTimestamp timestamp) {
        return timestamp == null ? "" : Integer.toUnsignedString(timestamp.getTime()) + ":" + timestamp.getInc();
    }

    /** The later one. */
    static @Nullable BsonTimestamp later(@Nullable BsonTimestamp a, @Nullable BsonTimestamp b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return a.compareTo(b) >= 0 ? a : b;
    }
}
