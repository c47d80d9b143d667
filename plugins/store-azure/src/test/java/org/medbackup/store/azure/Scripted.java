package org.medbackup.store.azure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.medbackup.store.azure.ScriptedServer.answer;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
    static final String KEY = "Y2FuYXJ5LWtleQ==";

    private Scripted() {}

    static AzureStore store(String endpoint) {
        return store(endpoint, Map.of("AZURE_STORAGE_KEY", KEY));
    }

    static AzureStore store(String endpoint, Map<String, String> environment) {
        return AzureStoreProvider.open(
                URI.create("azure://clinic/bucket/prefix?endpoint=" + endpoint),
                environment::get,
                Silence.of(Duration.ofSeconds(2)),
                Throttle.none());
    }

    static String head(byte[] bytes, boolean summed) {
        var headers = new ArrayList<>(List.of("Content-Length: " + bytes.length));
        if (summed) {
            headers.add("Content-MD5: " + Sums.of(bytes, bytes.length));
        }
        return answer(200, "", headers.toArray(String[]::new));
    }

    /** Answers without a body name the failure in a header. */
    static String bare(int status, String code) {
        return answer(status, "", "x-ms-error-code: " + code);
    }

    static PutOutcome put(String... script) throws IOException {
        try (var server = new ScriptedServer(script);
                AzureStore store = store(server.endpoint())) {
            PutOutcome outcome = store.putIfAbsent(NAME, CONTENT);
            assertThat(server.requests()).hasSize(script.length);
            return outcome;
        }
    }

    static BackupException failure(Consumer<AzureStore> work, String... script) throws IOException {
        try (var server = new ScriptedServer(script);
                AzureStore store = store(server.endpoint())) {
            BackupException failure = catching(() -> work.accept(store));
            assertThat(failure.describe()).doesNotContain("canary", KEY);
            assertThat(failure.context()).containsEntry("store", "azure://clinic/bucket/prefix");
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

    static void putOne(AzureStore store) {
        store.putIfAbsent(NAME, CONTENT);
    }

    static void readFour(AzureStore store) {
        store.read(NAME, 0, ByteBuffer.allocate(4));
    }
}
