package org.medbackup.store.s3;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ObjectVersion;

/**
 * The objects of a bucket that locks. Nobody can delete a locked version, but whoever may write can hide it behind a marker or
 * a newer version. Names are made once, so that the oldest version of a key is the object, and what lies above it is
 * somebody else's. Safe for use by several threads.
 */
final class Versions {

    private static final int REMEMBERED = 4096;

    private final S3Client client;
    private final String bucket;
    private final Map<String, Version> known = new ConcurrentHashMap<>();

    Versions(S3Client client, String bucket) {
        this.client = client;
        this.bucket = bucket;
    }

    /** A version of an object: its id and its bytes. */
    record Version(String id, long length) {

        static Version of(ObjectVersion listed) {
            return new Version(listed.versionId(), listed.size());
        }
    }

    /** The version of a key that is the object, empty where there is none. */
    Optional<Version> of(String key) {
        Version remembered = known.get(key);
        if (remembered != null) {
            return Optional.of(remembered);
        }
        Found found = new Found();
        each(key, (name, version) -> {
            if (name.equals(key)) {
                found.last = version;
            }
        });
        Version last = found.last;
        if (last != null) {
            if (known.size() >= REMEMBERED) {
                known.clear();
            }
            known.put(key, last);
        }
        return Optional.ofNullable(last);
    }

    private static final class Found {
        @Nullable
        Version last;
    }

    /** A key has gone. */
    void forget(String key) {
        known.remove(key);
    }

    /** Visits the object of every key below a prefix, in the order of the keys. */
    void list(String prefix, BiConsumer<String, Long> visitor) {
        Map<String, Version> waiting = new LinkedHashMap<>();
        each(prefix, (key, version) -> {
            // All versions of a key come together, the newest first.
            if (!waiting.containsKey(key)) {
                hand(waiting, visitor);
            }
            waiting.put(key, version);
        });
        hand(waiting, visitor);
    }

    private static void hand(Map<String, Version> waiting, BiConsumer<String, Long> visitor) {
        waiting.forEach((key, version) -> visitor.accept(key, version.length()));
        waiting.clear();
    }

    private void each(String prefix, BiConsumer<String, Version> visitor) {
        for (ListObjectVersionsResponse page :
                client.listObjectVersionsPaginator(list -> list.bucket(bucket).prefix(prefix))) {
            S3Store.requireWhole(page.isTruncated());
            for (ObjectVersion each : page.versions()) {
                visitor.accept(Objects.requireNonNull(each.key()), Version.of(each));
            }
        }
    }
}
