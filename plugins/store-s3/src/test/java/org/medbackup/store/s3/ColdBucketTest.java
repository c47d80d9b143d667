package org.medbackup.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.ObjectStore.Recall.Readiness;
import org.medbackup.core.spi.store.ObjectStore.Recall.Speed;
import org.medbackup.testkit.GlacierServer;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Objects that have to be asked for, on a server with cold storage. */
class ColdBucketTest {

    private static final ObjectName PACK = ObjectName.of("d/ab/pack");
    private static final ObjectName SLOT = ObjectName.of("s/slot");

    @TempDir
    static Path folder;

    private static final AtomicInteger STORES = new AtomicInteger();
    private static GlacierServer server;
    private String prefix = "";

    @BeforeAll
    static void startServer() {
        server = GlacierServer.start(folder);
        System.setProperty("aws.accessKeyId", "canary-id");
        System.setProperty("aws.secretAccessKey", "canary-secret");
        try (S3Client raw = S3Client.builder()
                .httpClient(Apache5HttpClient.create())
                .endpointOverride(URI.create(server.endpoint()))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .build()) {
            raw.createBucket(create -> create.bucket("cold"));
        }
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void chooseAnEmptyPrefix() {
        prefix = "store" + STORES.incrementAndGet();
        server.comesAfter(2);
    }

    private ObjectStore open(String storageClass) {
        String location = "s3://cold/" + prefix + "?endpoint=" + server.endpoint() + "&storage-class=" + storageClass;
        return S3StoreProvider.open(S3Location.of(URI.create(location), name -> null), Duration.ofSeconds(20));
    }

    private static ObjectStore.Recall recall(ObjectStore store) {
        return store.recall().orElseThrow();
    }

    private static void fails(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }

    @Test
    void aPackOfDataLiesColdAndIsListedAndMeasuredAndNotRead() {
        try (ObjectStore store = open("GLACIER")) {
            store.putIfAbsent(PACK, ObjectContent.of(new byte[] {1, 2, 3}));

            assertThat(recall(store).readiness(PACK)).isEqualTo(Readiness.COLD);
            assertThat(store.length(PACK)).hasValue(3);
            fails(ErrorCode.OBJECT_OFFLINE, () -> store.read(PACK, 0, ByteBuffer.allocate(3)));
        }
    }

    @Test
    void whatWasAskedForComesAndIsReadThen() {
        try (ObjectStore store = open("DEEP_ARCHIVE")) {
            store.putIfAbsent(PACK, ObjectContent.of(new byte[] {1, 2, 3}));

            recall(store).request(PACK, Speed.BULK, Duration.ofHours(30));
            Readiness first = recall(store).readiness(PACK);
            int looks = 1;
            while (recall(store).readiness(PACK) != Readiness.READABLE) {
                looks++;
                assertThat(looks).isLessThan(20);
            }

            assertThat(first).isEqualTo(Readiness.COMING);
            assertThat(store.readAll(PACK)).containsExactly(1, 2, 3);
            recall(store).request(PACK, Speed.EXPEDITED, Duration.ofDays(3));
            assertThat(store.readAll(PACK)).containsExactly(1, 2, 3);
        }
    }

    /** What Amazon answers; moto brings the object at once. */
    @Test
    void askingAgainWhileItComesChangesNothing() throws Exception {
        try (var scripted = new ScriptedServer(
                        ScriptedServer.error(409, "RestoreAlreadyInProgress"),
                        ScriptedServer.error(403, "AccessDenied"));
                ObjectStore store = S3StoreProvider.open(
                        S3Location.of(
                                URI.create("s3://bucket/p?region=eu-central-1&storage-class=GLACIER&endpoint="
                                        + scripted.endpoint()),
                                name -> null),
                        Duration.ofSeconds(2))) {
            recall(store).request(PACK, Speed.STANDARD, Duration.ofDays(1));

            fails(ErrorCode.STORE_DENIED, () -> recall(store).request(PACK, Speed.BULK, Duration.ofDays(1)));
        }
    }

    @Test
    void eachClassTakesWhatAmazonSaysOfIt() {
        try (ObjectStore glacier = open("GLACIER");
                ObjectStore deep = open("DEEP_ARCHIVE")) {
            assertThat(recall(glacier).terms(PACK).longest())
                    .isEqualTo(Map.of(
                            Speed.EXPEDITED,
                            Duration.ofMinutes(5),
                            Speed.STANDARD,
                            Duration.ofHours(5),
                            Speed.BULK,
                            Duration.ofHours(12)));
            assertThat(recall(deep).terms(PACK).speeds()).containsExactlyInAnyOrder(Speed.STANDARD, Speed.BULK);
            assertThat(recall(deep).terms(PACK).longest()).containsEntry(Speed.BULK, Duration.ofDays(2));
        }
    }

    @Test
    void whatEveryRestoreNeedsIsNeverCold() {
        try (ObjectStore store = open("GLACIER")) {
            store.putIfAbsent(SLOT, ObjectContent.of(new byte[] {4}));

            assertThat(recall(store).readiness(SLOT)).isEqualTo(Readiness.READABLE);
            assertThat(store.readAll(SLOT)).containsExactly(4);
        }
    }

    @Test
    void aClassThatIsReadAtOnceHasNothingToAskFor() {
        try (ObjectStore store = open("STANDARD_IA")) {
            store.putIfAbsent(PACK, ObjectContent.of(new byte[] {5}));

            assertThat(store.recall()).isEmpty();
            assertThat(store.readAll(PACK)).containsExactly(5);
        }
    }

    @Test
    void whatIsNotThereIsSaidToBeMissing() {
        try (ObjectStore store = open("GLACIER")) {
            fails(ErrorCode.OBJECT_MISSING, () -> recall(store).readiness(PACK));
            fails(ErrorCode.OBJECT_MISSING, () -> recall(store).request(PACK, Speed.BULK, Duration.ofDays(1)));
        }
    }

    @Test
    void aClassThatS3DoesNotHaveIsRefusedWithThoseThatItHas() {
        assertThatThrownBy(() -> open("FROZEN")).hasMessageContaining("DEEP_ARCHIVE, GLACIER, GLACIER_IR");
    }
}
