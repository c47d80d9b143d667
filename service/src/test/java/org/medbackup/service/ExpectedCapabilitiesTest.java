package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Entropy;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue;
import org.medbackup.testkit.AzuriteServer;
import org.medbackup.testkit.FakeAzure;
import org.medbackup.testkit.FakeGoogle;
import org.medbackup.testkit.GcsServer;
import org.medbackup.testkit.GlacierServer;
import org.medbackup.testkit.MemoryStore;
import org.medbackup.testkit.S3Server;
import org.medbackup.testkit.SftpServer;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Each kind of target does what {@code expected-capabilities.json} says of it, and no more: a target that learns something, or
 * an adapter that loses it, is seen by the next run.
 */
class ExpectedCapabilitiesTest {

    @TempDir
    Path temp;

    @BeforeEach
    void giveCredentials() {
        System.setProperty("aws.accessKeyId", S3Server.ACCESS_KEY);
        System.setProperty("aws.secretAccessKey", S3Server.SECRET_KEY);
        System.setProperty("azure.storage.key", AzuriteServer.KEY);
    }

    @AfterEach
    void takeThemAway() {
        System.clearProperty("azure.storage.key");
        System.clearProperty("medbackup.azure.endpoint");
        System.clearProperty("medbackup.gcs.endpoint");
        System.clearProperty("google.application.credentials");
    }

    /** Null is what comes out differently from run to run. */
    private static Map<String, @Nullable Boolean> expected(String kind) throws IOException {
        try (InputStream in = Objects.requireNonNull(
                ExpectedCapabilitiesTest.class.getResourceAsStream("expected-capabilities.json"))) {
            JsonValue.Members all = Json.parseMembers(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            var expected = new TreeMap<String, @Nullable Boolean>();
            all.members(kind)
                    .values()
                    .forEach((name, value) ->
                            expected.put(name, value instanceof JsonValue.Truth(boolean truth) ? truth : null));
            return expected;
        }
    }

    /** All that is true or false of a target, by its path in the record. */
    private static Map<String, Boolean> seen(Object record, String path) throws ReflectiveOperationException {
        var seen = new TreeMap<String, Boolean>();
        for (RecordComponent each : record.getClass().getRecordComponents()) {
            Object value = each.getAccessor().invoke(record);
            if (value instanceof Boolean truth) {
                seen.put(path + each.getName(), truth);
            } else if (value instanceof Record inner) {
                seen.putAll(seen(inner, path + each.getName() + "."));
            }
        }
        return seen;
    }

    private void assertAsExpected(String kind, String location) throws Exception {
        assertAsExpected(kind, TargetProbe.run(location, TimeSource.system(), Entropy.system()));
    }

    private static void assertAsExpected(String kind, TargetCapabilities found) throws Exception {
        Map<String, @Nullable Boolean> expected = expected(kind);
        Map<String, @Nullable Boolean> seen = new TreeMap<>(seen(found, ""));
        seen.replaceAll((name, value) -> expected.containsKey(name) && expected.get(name) == null ? null : value);
        assertThat(seen).as(kind).isEqualTo(expected);
        assertThat(found.left().objects()).isEqualTo(found.worm().deleteDenied() ? 1 : 0);
    }

    private static void assertAsExpected(String kind, ObjectStore store) throws Exception {
        assertAsExpected(kind, new TargetProbe(store, TimeSource.system(), Entropy.system()).probe(kind));
    }

    @Test
    void aFolder() throws Exception {
        assertAsExpected("file", Files.createDirectories(temp.resolve("folder")).toString());
    }

    @Test
    void memory() throws Exception {
        assertAsExpected("memory", new MemoryStore());
        assertAsExpected("memory with locks", MemoryStore.locking(TimeSource.system()));
    }

    private static void createLockingBucket(String endpoint, boolean locks) {
        try (S3Client raw = S3Client.builder()
                .httpClient(Apache5HttpClient.create())
                .endpointOverride(URI.create(endpoint))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .build()) {
            raw.createBucket(create -> create.bucket(locks ? "locked" : "plain").objectLockEnabledForBucket(locks));
        }
    }

    @Test
    void s3() throws Exception {
        try (var server = S3Server.start(temp)) {
            createLockingBucket(server.endpoint(), false);
            createLockingBucket(server.endpoint(), true);
            String end = "endpoint=" + server.endpoint();

            assertAsExpected("s3", "s3://plain/ward?" + end);
            assertAsExpected("s3 with locks", "s3://locked/ward?lock=compliance&" + end);
            assertAsExpected("s3 with locks", "s3://locked/lab?lock=governance&" + end);
            assertAsExpected("s3 whose bucket has no locks", "s3://plain/ward?" + end + "&lock=compliance");
            assertAsExpected("s3 with a class that stays at hand", "s3://plain/ward?storage-class=GLACIER&" + end);
        }
    }

    @Test
    void coldStorage() throws Exception {
        try (var server = GlacierServer.start(temp)) {
            createLockingBucket(server.endpoint(), false);
            server.comesAfter(2);

            for (String each : new String[] {"GLACIER", "DEEP_ARCHIVE"}) {
                assertAsExpected(
                        "s3 with cold storage, moto",
                        "s3://plain/ward?storage-class=" + each + "&endpoint=" + server.endpoint());
            }
        }
    }

    @Test
    void sftp() throws Exception {
        try (var server = SftpServer.start(temp.resolve("server"))) {
            assertAsExpected("sftp", server.location(Files.createDirectories(temp.resolve("far"))));
        }
    }

    @Test
    void azure() throws Exception {
        try (var server = AzuriteServer.start(temp)) {
            server.createContainer("vault");
            System.setProperty("medbackup.azure.endpoint", server.endpoint());

            assertAsExpected("azure", "azure://clinic/vault/ward");
        }
    }

    @Test
    void googleCloudStorage() throws Exception {
        try (var server = GcsServer.start(temp)) {
            server.createBucket("vault");
            System.setProperty("medbackup.gcs.endpoint", server.endpoint());

            assertAsExpected("gcs", "gs://vault/ward");
        }
    }

    /** No server that ships keeps retention; this one is made from Google's documents. */
    @Test
    void googleCloudStorageWithRetention() throws Exception {
        try (var google = FakeGoogle.start()) {
            System.setProperty(
                    "google.application.credentials",
                    google.tokens().writeKey(temp.resolve("key.json")).toString());
            String location = "gs://" + FakeGoogle.BUCKET + "/ward?endpoint=" + google.endpoint() + "&lock=";

            assertAsExpected("gcs with locks, a fake", location + "compliance");
            assertAsExpected("gcs with locks, a fake", location.replace("ward", "lab") + "governance");
            google.withoutRetention();
            assertAsExpected("gcs whose bucket has no locks, a fake", location.replace("ward", "er") + "compliance");
        }
    }

    /** Azurite keeps no locks; this one is made from Microsoft's documents. */
    @Test
    void azureWithImmutableVersions() throws Exception {
        try (var azure = FakeAzure.start()) {
            System.setProperty("azure.storage.key", AzuriteServer.KEY);
            String location = "azure://" + AzuriteServer.ACCOUNT + "/" + FakeAzure.CONTAINER + "/ward?endpoint="
                    + azure.endpoint() + "&lock=compliance";

            assertAsExpected("azure with locks, a fake", location);
            azure.withoutImmutability();
            assertAsExpected("azure whose container has no locks, a fake", location.replace("ward", "er"));
        }
    }

    @Test
    void hierarchicalStorageManagement() throws Exception {
        Path archive = Files.createDirectories(temp.resolve("archive"));

        assertAsExpected("hsm", "hsm://" + archive);

        assertThat(archive).as("so that a repository can be made there").isEmptyDirectory();
    }

    @Test
    void aGatewayIsNotTriedSinceItLetsNothingElseThroughThanAWriterNeeds() {
        assertThatThrownBy(() -> TargetProbe.run("gateway:///run/repo.sock", TimeSource.system(), Entropy.system()))
                .isInstanceOfSatisfying(BackupException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.LOCATION_UNSUPPORTED);
                    assertThat(failure.describe()).contains("the target behind it");
                });
    }
}
