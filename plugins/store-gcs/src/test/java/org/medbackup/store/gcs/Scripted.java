package org.medbackup.store.gcs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.medbackup.store.gcs.ScriptedServer.answer;
import static org.medbackup.store.gcs.ScriptedServer.error;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.store.common.Silence;

/** Calls of a store whose target answers by a script. */
final class Scripted {

    static final ObjectName NAME = ObjectName.of("s/one");
    static final byte[] BYTES = "the content".getBytes(UTF_8);
    static final ObjectContent CONTENT = ObjectContent.of(BYTES);

    private Scripted() {}

    static GcsStore store(String endpoint) {
        return store(endpoint, Map.of());
    }

    static GcsStore store(String endpoint, Map<String, String> environment) {
        return GcsStoreProvider.open(
                URI.create("gs://bucket/prefix?endpoint=" + endpoint),
                environment::get,
                Silence.of(Duration.ofSeconds(2)),
                Throttle.none());
    }

    /** The answer that tells of an object. */
    static String found(byte[] bytes) {
        return answer(200, "{\"size\":\"" + bytes.length + "\",\"crc32c\":\"" + Sums.of(bytes) + "\"}");
    }

    static String missing() {
        return error(404, "notFound", "No such object: bucket/prefix/s/one");
    }

    static PutOutcome put(String... script) throws IOException {
        try (var server = new ScriptedServer(script);
                GcsStore store = store(server.endpoint())) {
            PutOutcome outcome = store.putIfAbsent(NAME, CONTENT);
            assertThat(server.requests()).hasSize(script.length);
            return outcome;
        }
    }

    static BackupException failure(Consumer<GcsStore> work, String... script) throws IOException {
        try (var server = new ScriptedServer(script);
                GcsStore store = store(server.endpoint())) {
            BackupException failure = catching(() -> work.accept(store));
            assertThat(failure.describe()).doesNotContain("canary");
            assertThat(failure.context()).containsEntry("store", "gs://bucket/prefix");
            return failure;
        }
    }

    static BackupException catching(Runnable work) {
        try {
            work.run();
        } catch (BackupException failure) {
            return failure;
        }
        throw new AssertionError("it did not fail");
    }

    static void putOne(GcsStore store) {
        store.putIfAbsent(NAME, CONTENT);
    }

    static void readFour(GcsStore store) {
        store.read(NAME, 0, ByteBuffer.allocate(4));
    }
}
