package org.medbackup.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
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
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.testkit.CountingThrottle;
import org.medbackup.testkit.ObjectStoreContract;
import org.medbackup.testkit.S3Server;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;

/** The contract of stores, on a real server. */
class S3StoreTest implements ObjectStoreContract {

    @TempDir
    static Path folder;

    private static S3Server server;
    private static final AtomicInteger STORES = new AtomicInteger();
    private String location = "";

    @BeforeAll
    static void startServer() {
        server = S3Server.start(folder);
        server.createBucket("contract");
        System.setProperty("aws.accessKeyId", S3Server.ACCESS_KEY);
        System.setProperty("aws.secretAccessKey", S3Server.SECRET_KEY);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void chooseAnEmptyPrefix() {
        location = "s3://contract/store" + STORES.incrementAndGet() + "?endpoint=" + server.endpoint();
    }

    @Override
    public ObjectStore open() {
        return S3StoreProvider.open(S3Location.of(URI.create(location), name -> null), Duration.ofSeconds(20));
    }

    private S3Client raw() {
        return S3Client.builder()
                .httpClient(Apache5HttpClient.create())
                .endpointOverride(URI.create(server.endpoint()))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .build();
    }

    @Test
    void aLargeObjectIsSentWithoutACopyOfItInMemory() {
        try (ObjectStore store = open()) {
            var bytes = new byte[5 * 1024 * 1024 + 17];
            new java.util.Random(7).nextBytes(bytes);

            assertThat(store.putIfAbsent(ObjectName.of("d/large"), ObjectContent.of(bytes)))
                    .isEqualTo(PutOutcome.CREATED);
            byte[] others = bytes.clone();
            others[others.length - 1]++;
            assertThat(store.putIfAbsent(ObjectName.of("d/large"), ObjectContent.of(others)))
                    .isEqualTo(PutOutcome.EXISTED);

            assertThat(store.readAll(ObjectName.of("d/large"))).isEqualTo(bytes);
        }
    }

    @Test
    void manyPagesAreListedInOrder() throws Exception {
        server.createBucket("pages");
        Path objects = Files.createDirectories(server.data("pages").resolve("p/d"));
        for (int i = 0; i < 1_105; i++) {
            Files.createFile(objects.resolve(String.format(Locale.ROOT, "%05d", i)));
        }
        Files.createFile(objects.resolve("Not Ours"));
        location = "s3://pages/p?endpoint=" + server.endpoint();
        var names = new ArrayList<String>();
        try (ObjectStore store = open()) {
            store.list("d/", info -> names.add(info.name().text()));
        }

        assertThat(names).hasSize(1_105).isSorted().startsWith("d/00000").endsWith("d/01104");
    }

    @Test
    void aDeletionLeavesNoOlderVersion() {
        server.createBucket("versions");
        location = "s3://versions/p?endpoint=" + server.endpoint();
        try (ObjectStore store = open();
                S3Client raw = raw()) {
            raw.putBucketVersioning(put ->
                    put.bucket("versions").versioningConfiguration(on -> on.status(BucketVersioningStatus.ENABLED)));
            store.putIfAbsent(ObjectName.of("s/one"), ObjectContent.of(new byte[] {1}));
            store.putIfAbsent(ObjectName.of("s/one.neighbour"), ObjectContent.of(new byte[] {1}));
            raw.putObject(put -> put.bucket("versions").key("p/s/one"), RequestBody.fromString("overwritten"));

            assertThat(store.delete(ObjectName.of("s/one"))).isTrue();

            assertThat(raw.listObjectVersions(list -> list.bucket("versions")).versions())
                    .extracting(version -> version.key())
                    .containsExactly("p/s/one.neighbour");
            assertThat(store.delete(ObjectName.of("s/one"))).isFalse();
        }
    }

    @Test
    void aLockedObjectIsNotDeleted() {
        location = "s3://locked/p?endpoint=" + server.endpoint();
        try (ObjectStore store = open();
                S3Client raw = raw()) {
            raw.createBucket(create -> create.bucket("locked").objectLockEnabledForBucket(true));
            raw.putObjectLockConfiguration(put -> put.bucket("locked")
                    .objectLockConfiguration(lock -> lock.objectLockEnabled(ObjectLockEnabled.ENABLED)
                            .rule(rule -> rule.defaultRetention(keep -> keep.mode(ObjectLockRetentionMode.COMPLIANCE)
                                    .days(1)))));
            store.putIfAbsent(ObjectName.of("d/pack"), ObjectContent.of(new byte[] {1}));

            assertThatThrownBy(() -> store.delete(ObjectName.of("d/pack")))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.DELETION_REFUSED));
            assertThat(store.readAll(ObjectName.of("d/pack"))).containsExactly(1);
        }
    }

    @Test
    void aBucketThatIsNotThereIsNamedAsTheCause() {
        location = "s3://no-such-bucket/p?endpoint=" + server.endpoint();
        try (ObjectStore store = open()) {
            assertThatThrownBy(() -> store.putIfAbsent(ObjectName.of("a"), ObjectContent.of(new byte[1])))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.BUCKET_NOT_FOUND));
        }
    }

    @Test
    void wrongCredentialsAreDeniedAndNotRepeatedInTheMessage() {
        System.setProperty("aws.secretAccessKey", "canary-wrong");
        try (ObjectStore store = open()) {
            assertThatThrownBy(() -> store.isEmpty()).isInstanceOfSatisfying(BackupException.class, failure -> {
                assertThat(failure.code()).isEqualTo(ErrorCode.STORE_DENIED);
                assertThat(failure.describe()).doesNotContain("canary", S3Server.ACCESS_KEY);
                assertThat(failure).hasNoCause();
            });
        } finally {
            System.setProperty("aws.secretAccessKey", S3Server.SECRET_KEY);
        }
    }

    @Test
    void bytesWithTheChecksumOfOthersAreRefused() {
        try (ObjectStore store = open()) {
            assertThat(store.questions().orElseThrow().refusesWrongChecksum(ObjectName.of("wrong")))
                    .isTrue();
            assertThat(store.length(ObjectName.of("wrong"))).isEmpty();
        }
    }

    @Test
    void smallPagesEachBehindTheLastTellAllNamesInOrder() {
        try (ObjectStore store = open()) {
            List<ObjectName> names = Stream.of("d/1", "d/2", "d/3-4", "d/3/4", "d/5")
                    .map(ObjectName::of)
                    .toList();
            names.reversed().forEach(each -> store.putIfAbsent(each, ObjectContent.of(new byte[1])));

            assertThat(store.questions().orElseThrow().listInPages("d/")).hasValue(names);
        }
    }

    @Test
    void whatAProbeHadToLeaveIsNobodys() {
        String place = location;
        try (ObjectStore store = open()) {
            location = place.replace("?", "/.probe/0123?");
            try (ObjectStore probe = open()) {
                probe.putIfAbsent(ObjectName.of("race/1"), ObjectContent.of(new byte[1]));
            }
            assertThat(store.isEmpty()).isTrue();
            store.putIfAbsent(ObjectName.of("format"), ObjectContent.of(new byte[1]));
            assertThat(store.isEmpty()).isFalse();
        }
    }

    @Test
    void everyByteThatGoesOverTheSocketAndNoOtherPassesTheThrottle() {
        var throttle = new CountingThrottle(10_000);
        byte[] bytes = randomBytes(9, 700_000);
        byte[] small = randomBytes(10, 1_000);
        try (ObjectStore store = new S3StoreProvider().open(URI.create(location), throttle)) {
            // Signature and sum read the content twice more; that is not sent.
            assertThat(store.putIfAbsent(ObjectName.of("large"), ObjectContent.of(bytes)))
                    .isEqualTo(PutOutcome.CREATED);
            assertThat(store.putIfAbsent(ObjectName.of("small"), ObjectContent.of(small)))
                    .isEqualTo(PutOutcome.CREATED);
            assertThat(throttle.used(Throttle.Resource.NETWORK_EGRESS)).isEqualTo(701_000);
            assertThat(throttle.used(Throttle.Resource.NETWORK_INGRESS)).isLessThan(2_000);

            long before = throttle.used(Throttle.Resource.NETWORK_INGRESS);
            assertThat(store.readAll(ObjectName.of("large"))).isEqualTo(bytes);
            assertThat(throttle.used(Throttle.Resource.NETWORK_INGRESS) - before)
                    .isEqualTo(700_000);
        }
        assertThat(throttle.open()).isZero();
    }

    private static byte[] randomBytes(int seed, int length) {
        byte[] bytes = new byte[length];
        new java.util.Random(seed).nextBytes(bytes);
        return bytes;
    }
}
