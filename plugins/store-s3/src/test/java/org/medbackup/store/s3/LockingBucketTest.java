package org.medbackup.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.Keeping;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.testkit.ObjectStoreContract;
import org.medbackup.testkit.S3Server;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;

/** The contract of stores, and locks against somebody who has all credentials, on a real server. */
class LockingBucketTest implements ObjectStoreContract {

    private static final ObjectName PACK = ObjectName.of("d/ab/pack");

    @TempDir
    static Path folder;

    private static S3Server server;
    private static final AtomicInteger STORES = new AtomicInteger();
    private String prefix = "";
    private final Instant until = Instant.now().plus(Duration.ofDays(40));

    @BeforeAll
    static void startServer() {
        server = S3Server.start(folder);
        System.setProperty("aws.accessKeyId", S3Server.ACCESS_KEY);
        System.setProperty("aws.secretAccessKey", S3Server.SECRET_KEY);
        try (S3Client raw = raw()) {
            raw.createBucket(create -> create.bucket("locked").objectLockEnabledForBucket(true));
        }
        server.createBucket("plain");
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void chooseAnEmptyPrefix() {
        prefix = "store" + STORES.incrementAndGet();
    }

    @Override
    public ObjectStore open() {
        return open("locked", "compliance");
    }

    private ObjectStore open(String bucket, String lock) {
        String location = "s3://" + bucket + "/" + prefix + "?endpoint=" + server.endpoint() + "&lock=" + lock;
        return S3StoreProvider.open(S3Location.of(URI.create(location), name -> null), Duration.ofSeconds(20));
    }

    private static S3Client raw() {
        return S3Client.builder()
                .httpClient(Apache5HttpClient.create())
                .endpointOverride(URI.create(server.endpoint()))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .build();
    }

    private String key() {
        return prefix + "/" + PACK.text();
    }

    private void put(ObjectStore store) {
        ObjectContent content = ObjectContent.of(new byte[] {1, 2, 3}).kept(new Keeping("vault", until));
        assertThat(store.putIfAbsent(PACK, content)).isEqualTo(PutOutcome.CREATED);
    }

    private static ObjectStore.Locks locks(ObjectStore store) {
        return store.locks().orElseThrow();
    }

    @Test
    void aLockIsSetWithTheBytesAndIsReadBackFromTheTarget() {
        try (ObjectStore store = open()) {
            put(store);
            store.putIfAbsent(ObjectName.of("t/ticket"), ObjectContent.of(new byte[1]));

            assertThat(locks(store).until(PACK))
                    .hasValueSatisfying(end -> assertThat(end).isBetween(until, until.plusSeconds(1)));
            assertThat(locks(store).until(ObjectName.of("t/ticket"))).isEmpty();
            assertThat(store.delete(ObjectName.of("t/ticket"))).isTrue();
        }
    }

    @Test
    void nobodyDeletesALockedObjectThroughTheRawInterfaceWithAllCredentials() {
        try (ObjectStore store = open();
                S3Client raw = raw()) {
            put(store);
            String version =
                    raw.headObject(head -> head.bucket("locked").key(key())).versionId();

            assertThatThrownBy(() -> raw.deleteObject(
                            delete -> delete.bucket("locked").key(key()).versionId(version)))
                    .isInstanceOf(AwsServiceException.class);
            assertThatThrownBy(() -> raw.putObjectRetention(put -> put.bucket("locked")
                            .key(key())
                            .versionId(version)
                            .retention(to -> to.mode(ObjectLockRetentionMode.COMPLIANCE)
                                    .retainUntilDate(Instant.now().plusSeconds(60)))))
                    .isInstanceOf(AwsServiceException.class);
            assertThatThrownBy(() -> store.delete(PACK))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.DELETION_REFUSED));
            assertThat(store.readAll(PACK)).containsExactly(1, 2, 3);
        }
    }

    @Test
    void whatSomebodyHidBehindAMarkerIsReadAndListedAllTheSame() {
        try (ObjectStore store = open();
                S3Client raw = raw()) {
            put(store);
            raw.deleteObject(delete -> delete.bucket("locked").key(key()));

            try (ObjectStore later = open()) {
                var listed = new ArrayList<String>();
                later.list("d/", info -> listed.add(info.name().text() + " " + info.length()));

                assertThat(listed).containsExactly(PACK + " 3");
                assertThat(later.length(PACK)).hasValue(3);
                assertThat(later.readAll(PACK)).containsExactly(1, 2, 3);
                assertThat(later.putIfAbsent(PACK, ObjectContent.of(new byte[] {9})))
                        .isEqualTo(PutOutcome.EXISTED);
            }
        }
    }

    @Test
    void whatSomebodyWroteOverItIsNotTakenForTheObject() {
        try (ObjectStore store = open();
                S3Client raw = raw()) {
            put(store);
            raw.putObject(put -> put.bucket("locked").key(key()), RequestBody.fromString("ransom"));

            try (ObjectStore later = open()) {
                assertThat(later.readAll(PACK)).containsExactly(1, 2, 3);
                var listed = new ArrayList<Long>();
                later.list("d/", info -> listed.add(info.length()));
                assertThat(listed).containsExactly(3L);
                assertThat(locks(later).until(PACK)).isPresent();
            }
        }
    }

    @Test
    void aLockIsMadeLongerAndNeverShorter() {
        Instant longer = until.plus(Duration.ofDays(30));
        try (ObjectStore store = open()) {
            put(store);

            locks(store).extend(PACK, longer);
            locks(store).extend(PACK, until);

            assertThat(locks(store).until(PACK))
                    .hasValueSatisfying(end -> assertThat(end).isBetween(longer, longer.plusSeconds(1)));
        }
    }

    @Test
    void whatWasPutWithoutALockGetsOne() {
        try (ObjectStore store = open()) {
            store.putIfAbsent(PACK, ObjectContent.of(new byte[1]));

            locks(store).extend(PACK, until);

            assertThat(locks(store).until(PACK)).isPresent();
            assertThatThrownBy(() -> store.delete(PACK)).isInstanceOf(BackupException.class);
        }
    }

    @Test
    void aBucketThatCannotLockSaysSoWhenItIsGivenALock() {
        try (ObjectStore store = open("plain", "compliance")) {
            assertThatThrownBy(() -> put(store))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.LOCKS_UNAVAILABLE));
            assertThat(store.length(PACK)).isEmpty();
        }
    }

    @Test
    void aLockThatHasEndedWhenItIsAskedForIsNone() {
        try (ObjectStore store = open()) {
            var ended = new Keeping("vault", Instant.now().minus(Duration.ofDays(3)));

            assertThat(store.putIfAbsent(PACK, ObjectContent.of(new byte[1]).kept(ended)))
                    .isEqualTo(PutOutcome.CREATED);

            assertThat(locks(store).until(PACK)).isEmpty();
            assertThat(store.delete(PACK)).isTrue();
        }
    }

    @Test
    void questionsAboutObjectsThatAreNotThereSaySo() {
        try (ObjectStore store = open()) {
            for (Runnable question : List.<Runnable>of(
                    () -> locks(store).until(PACK), () -> locks(store).extend(PACK, until))) {
                assertThatThrownBy(question::run)
                        .isInstanceOfSatisfying(
                                BackupException.class,
                                failure -> assertThat(failure.code()).isEqualTo(ErrorCode.OBJECT_MISSING));
            }
        }
    }

    @Test
    void aGovernedLockAndNoLockAreWhatTheLocationSays() {
        try (ObjectStore governed = open("locked", "governance");
                S3Client raw = raw()) {
            put(governed);

            assertThat(raw.headObject(head -> head.bucket("locked").key(key())).objectLockModeAsString())
                    .isEqualTo("GOVERNANCE");
            locks(governed).extend(PACK, until.plus(Duration.ofDays(1)));
        }
        String location = "s3://plain/" + prefix + "?endpoint=" + server.endpoint();
        try (ObjectStore none =
                S3StoreProvider.open(S3Location.of(URI.create(location), name -> null), Duration.ofSeconds(20))) {
            put(none);
            assertThat(none.locks()).isEmpty();
            assertThat(none.delete(PACK)).isTrue();
        }
    }
}
