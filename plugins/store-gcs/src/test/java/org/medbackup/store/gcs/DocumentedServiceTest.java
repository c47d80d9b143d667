package org.medbackup.store.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.medbackup.store.gcs.Scripted.catching;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Entropy;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.RefusedException;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.store.common.Silence;
import org.medbackup.testkit.FakeGoogle;
import org.medbackup.testkit.ObjectStoreContract;

/** The contract of stores, and what the server of {@link GcsStoreTest} cannot show, on a fake made from Google's documents. */
class DocumentedServiceTest implements ObjectStoreContract {

    private static final ObjectName NAME = ObjectName.of("d/pack");
    private static final byte[] LARGE = random(3 * Session.PIECE + 1);

    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private FakeGoogle google;

    @BeforeEach
    void startService() {
        google = FakeGoogle.start();
        environment.put(
                "GOOGLE_APPLICATION_CREDENTIALS",
                google.tokens().writeKey(folder.resolve("key.json")).toString());
    }

    @AfterEach
    void stopService() {
        google.close();
    }

    private static byte[] random(int length) {
        var bytes = new byte[length];
        RandomGeneratorFactory.getDefault().create(1).nextBytes(bytes);
        return bytes;
    }

    @Override
    public ObjectStore open() {
        return open(FakeGoogle.BUCKET);
    }

    private GcsStore open(String bucket) {
        return GcsStoreProvider.open(
                URI.create("gs://" + bucket + "/ward?endpoint=" + google.endpoint()),
                environment::get,
                Silence.of(Duration.ofSeconds(10)),
                Throttle.none());
    }

    @Test
    void anUploadThatIsCutInTheMiddleGoesOnFromWhereItWas() {
        var written = new AtomicInteger();
        ObjectContent counted = new ObjectContent() {
            @Override
            public long length() {
                return LARGE.length;
            }

            @Override
            public void writeTo(WritableByteChannel target) throws IOException {
                written.incrementAndGet();
                ObjectContent.of(LARGE).writeTo(target);
            }
        };
        google.breakPiece(3_000_000);
        try (ObjectStore store = open()) {
            assertThat(store.putIfAbsent(NAME, counted)).isEqualTo(PutOutcome.CREATED);

            assertThat(store.readAll(NAME)).isEqualTo(LARGE);
            assertThat(written)
                    .as("summed up, sent, and sent again from the middle")
                    .hasValue(3);
        }
    }

    @Test
    void anUploadWhoseLastAnswerIsLostIsFoundToHaveEnded() {
        google.loseAnswer(request -> request.startsWith("PUT "));
        try (ObjectStore store = open()) {
            assertThat(store.putIfAbsent(NAME, ObjectContent.of(random(Session.PIECE + 5))))
                    .isEqualTo(PutOutcome.CREATED);
            assertThat(store.putIfAbsent(NAME, ObjectContent.of(LARGE))).isEqualTo(PutOutcome.EXISTED);
        }
    }

    @Test
    void aPutWhoseAnswerIsLostIsOursAndOneOfOtherBytesIsNot() {
        try (ObjectStore store = open()) {
            google.loseAnswer(request -> request.startsWith("POST /upload"));
            assertThat(store.putIfAbsent(NAME, ObjectContent.of(random(9)))).isEqualTo(PutOutcome.CREATED);
            google.loseAnswer(request -> request.startsWith("POST /upload"));
            assertThat(store.putIfAbsent(NAME, ObjectContent.of(random(8)))).isEqualTo(PutOutcome.EXISTED);
        }
    }

    @Test
    void anObjectThatIsHeldIsNotDeletedUntilTheHoldIsTakenAway() {
        try (ObjectStore store = open()) {
            store.putIfAbsent(NAME, ObjectContent.of(random(9)));
            google.hold("ward/d/pack", true);
            BackupException failure = catching(() -> store.delete(NAME));
            assertThat(failure).isInstanceOf(RefusedException.class);
            assertThat(failure.code()).isEqualTo(ErrorCode.DELETION_REFUSED);
            assertThat(failure.context()).containsEntry("said", "objectUnderActiveHold");

            google.hold("ward/d/pack", false);
            assertThat(store.delete(NAME)).isTrue();
        }
    }

    @Test
    void bytesWithTheChecksumOfOthersAreRefused() {
        try (ObjectStore store = open()) {
            assertThat(store.questions().orElseThrow().refusesWrongChecksum(NAME))
                    .isTrue();
            assertThat(store.length(NAME)).isEmpty();
        }
    }

    @Test
    void aLargeContentThatChangesWhileItIsSentIsRefusedAtItsEnd() {
        var written = new AtomicInteger();
        ObjectContent changing = new ObjectContent() {
            @Override
            public long length() {
                return LARGE.length;
            }

            @Override
            public void writeTo(WritableByteChannel target) throws IOException {
                byte[] bytes = LARGE.clone();
                bytes[0] += (byte) written.incrementAndGet();
                ObjectContent.of(bytes).writeTo(target);
            }
        };
        try (ObjectStore store = open()) {
            assertThat(catching(() -> store.putIfAbsent(NAME, changing)).code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
            assertThat(store.length(NAME)).isEmpty();
        }
    }

    @Test
    void oneTokenServesManyCallsAndOneThatIsRevokedIsReplaced() {
        try (ObjectStore store = open()) {
            store.putIfAbsent(NAME, ObjectContent.of(random(9)));
            store.list("", each -> {});
            store.readAll(NAME);
            assertThat(google.tokens().given()).isEqualTo(1);

            google.tokens().revoke();
            BackupException failure = catching(() -> store.length(NAME));
            assertThat(failure.code()).isEqualTo(ErrorCode.STORE_DENIED);
            assertThat(failure.context()).containsEntry("said", "authError");
            assertThat(store.length(NAME)).hasValue(9);
            assertThat(google.tokens().given()).isEqualTo(2);
        }
    }

    @Test
    void aTokenIsReplacedShortlyBeforeItsEnd() {
        google.tokens().lifetime(119);
        try (ObjectStore store = open()) {
            assertThat(store.length(NAME)).isEmpty();
            assertThat(store.length(NAME)).isEmpty();
            assertThat(google.tokens().given()).isEqualTo(2);

            google.tokens().lifetime(150);
            assertThat(store.length(NAME)).isEmpty();
            assertThat(store.length(NAME)).isEmpty();
            assertThat(google.tokens().given()).isEqualTo(3);
        }
    }

    @Test
    void aMachineOfGooglesIsKnownByItsMetadataServer() {
        environment.clear();
        environment.put("GCE_METADATA_HOST", google.endpoint().replace("http://", ""));
        var place = new GcsLocation(
                FakeGoogle.BUCKET, "ward/", URI.create("https://storage.googleapis.com"), GcsLocation.Lock.NONE);
        Access access = Access.of(place, environment::get, TimeSource.system());
        var here = new GcsLocation(FakeGoogle.BUCKET, "ward/", URI.create(google.endpoint()), GcsLocation.Lock.NONE);
        var wire = new Wire(access, Silence.usual(), Throttle.none(), TimeSource.system());
        try (ObjectStore store = new GcsStore(here, wire, TimeSource.system(), Entropy.system(), GcsStore.PAGE)) {
            store.putIfAbsent(NAME, ObjectContent.of(random(9)));

            assertThat(store.length(NAME)).hasValue(9);
            assertThat(google.tokens().given()).isEqualTo(1);
        }
    }

    @Test
    void whoHasNoCredentialsIsDenied() {
        environment.clear();
        try (ObjectStore store = open()) {
            assertThat(catching(() -> store.length(NAME)).code()).isEqualTo(ErrorCode.STORE_DENIED);
        }
    }

    @Test
    void aBucketThatIsNotThereIsNamedAsTheCause() {
        try (ObjectStore store = open("another-bucket")) {
            assertThat(catching(() -> store.length(NAME)).code()).isEqualTo(ErrorCode.BUCKET_NOT_FOUND);
            assertThat(catching(() -> store.read(NAME, 0, ByteBuffer.allocate(1)))
                            .code())
                    .isEqualTo(ErrorCode.BUCKET_NOT_FOUND);
            assertThat(catching(() -> store.putIfAbsent(NAME, ObjectContent.of(LARGE)))
                            .code())
                    .isEqualTo(ErrorCode.BUCKET_NOT_FOUND);
        }
    }
}
