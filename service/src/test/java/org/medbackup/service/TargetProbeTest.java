package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Entropy;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.testkit.FaultyStore;
import org.medbackup.testkit.ForwardingStore;
import org.medbackup.testkit.GlacierServer;
import org.medbackup.testkit.MemoryStore;
import org.medbackup.testkit.S3Server;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** What is said of a target is what was seen of it. */
class TargetProbeTest {

    @TempDir
    Path temp;

    private static TargetCapabilities probe(ObjectStore store) {
        return new TargetProbe(store, TimeSource.system(), Entropy.system()).probe("the target");
    }

    @Test
    void aFileSystemIsCreateOnlyAndHasNoChecksumsAndLetsDelete() throws Exception {
        Path folder = Files.createDirectories(temp.resolve("target"));
        Files.createFile(folder.resolve("what-is-there"));
        try (var site = new Site(temp.resolve("site"))) {
            TargetCapabilities found = site.product.probeTarget(folder.toString());

            assertThat(found.isCreateOnly()).isTrue();
            assertThat(found.refusesExisting()).isTrue();
            assertThat(found.atomic()).isTrue();
            assertThat(found.wrongChecksumRejected()).isFalse();
            assertThat(found.deleteDenied()).isFalse();
            assertThat(found.listing()).isEqualTo(new TargetCapabilities.Listing(true, true, false));
            assertThat(found.rangesExact()).isTrue();
            assertThat(found.throughput().written()).isPositive();
            assertThat(found.throughput().read()).isPositive();
            assertThat(found.left()).isEqualTo(TargetCapabilities.Left.NOTHING);
            assertThat(found.worm()).isEqualTo(TargetCapabilities.Worm.NONE);
            assertThat(found.recall()).isEqualTo(TargetCapabilities.Cold.NONE);
            assertThat(found.location()).isEqualTo(folder.toString());
            assertThat(site.product.probeTarget(folder.toUri().toString()).isCreateOnly())
                    .isTrue();
        }
        try (var left = Files.list(folder)) {
            assertThat(left.map(each -> each.getFileName().toString())).containsExactly("what-is-there");
        }
    }

    private static void assumeCredentials() {
        System.setProperty("aws.accessKeyId", S3Server.ACCESS_KEY);
        System.setProperty("aws.secretAccessKey", S3Server.SECRET_KEY);
    }

    private static S3Client raw(String endpoint) {
        return S3Client.builder()
                .httpClient(Apache5HttpClient.create())
                .endpointOverride(URI.create(endpoint))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .build();
    }

    @Test
    void anS3TargetWithoutLocksIsLeftAsItWas() {
        try (var server = S3Server.start(temp.resolve("server"));
                var site = new Site(temp.resolve("site"))) {
            server.createBucket("probed");
            assumeCredentials();

            TargetCapabilities found = site.product.probeTarget("s3://probed/ward/?endpoint=" + server.endpoint());

            assertThat(found.location()).isEqualTo("s3://probed/ward");
            assertThat(found.wrongChecksumRejected()).isTrue();
            assertThat(found.worm().configured()).isFalse();
            assertThat(found.left()).isEqualTo(TargetCapabilities.Left.NOTHING);
            assertThat(server.data("probed").resolve("ward")).doesNotExist();
        }
    }

    @Test
    void locksOfARealTargetAreTriedAndOneObjectStaysForSomeMinutes() {
        try (var server = S3Server.start(temp.resolve("server"));
                var site = new Site(temp.resolve("site"))) {
            assumeCredentials();
            try (S3Client raw = raw(server.endpoint())) {
                raw.createBucket(create -> create.bucket("locked").objectLockEnabledForBucket(true));
            }
            Instant before = Instant.now();

            TargetCapabilities found =
                    site.product.probeTarget("s3://locked/ward?lock=compliance&endpoint=" + server.endpoint());

            assertThat(found.worm()).isEqualTo(new TargetCapabilities.Worm(true, true, true, true, true));
            assertThat(found.worm().isSupported()).isTrue();
            assertThat(found.worm().holds()).isTrue();
            assertThat(found.deleteDenied()).isFalse();
            assertThat(found.left().objects()).isEqualTo(1);
            assertThat(found.left().until())
                    .hasValueSatisfying(
                            until -> assertThat(until).isBetween(before.plusSeconds(360), before.plusSeconds(600)));
            try (S3Client raw = raw(server.endpoint())) {
                assertThat(raw.listObjectVersions(list -> list.bucket("locked")).versions())
                        .extracting(each -> each.key())
                        .singleElement()
                        .asString()
                        .startsWith("ward/.probe/")
                        .endsWith("/lock/object");
            }
        }
    }

    @Test
    void aBucketThatCannotLockIsSaidNotTo() {
        try (var server = S3Server.start(temp.resolve("server"));
                var site = new Site(temp.resolve("site"))) {
            server.createBucket("plain");
            assumeCredentials();

            TargetCapabilities found =
                    site.product.probeTarget("s3://plain/ward?lock=compliance&endpoint=" + server.endpoint());

            assertThat(found.worm()).isEqualTo(new TargetCapabilities.Worm(true, false, false, false, false));
            assertThat(found.worm().isSupported()).isFalse();
            assertThat(found.left()).isEqualTo(TargetCapabilities.Left.NOTHING);
        }
    }

    @Test
    void theOptionForLocksIsTakenOutOfALocationWhereverItStands() {
        for (String each :
                List.of("?lock=compliance", "?region=x", "?region=x&lock=governance", "?lock=compliance&region=x")) {
            assertThat(TargetProbe.withoutLocks("s3://b/p" + each))
                    .isEqualTo(each.contains("region") ? "s3://b/p?region=x" : "s3://b/p");
        }
        assertThat(TargetProbe.withoutLocks("s3://b/p?a=1&lock=compliance&c=2")).isEqualTo("s3://b/p?a=1&c=2");
    }

    @Test
    void whatLiesColdIsRefusedAndAskedForAndNothingStays() {
        try (var server = GlacierServer.start(temp);
                var site = new Site(temp.resolve("site"))) {
            assumeCredentials();
            try (S3Client raw = raw(server.endpoint())) {
                raw.createBucket(create -> create.bucket("cold"));
                server.comesAfter(2);

                TargetCapabilities found =
                        site.product.probeTarget("s3://cold/ward?storage-class=GLACIER&endpoint=" + server.endpoint());

                assertThat(found.recall()).isEqualTo(new TargetCapabilities.Cold(true, true, true, true));
                assertThat(found.left()).isEqualTo(TargetCapabilities.Left.NOTHING);
                assertThat(raw.listObjectsV2(list -> list.bucket("cold")).contents())
                        .isEmpty();
            }
        }
    }

    /** A server that takes the class and keeps the object at hand, as some do. */
    @Test
    void aTargetThatTakesTheClassAndKeepsNothingColdIsFoundOut() {
        try (var server = S3Server.start(temp.resolve("server"));
                var site = new Site(temp.resolve("site"))) {
            server.createBucket("warm");
            assumeCredentials();

            TargetCapabilities found =
                    site.product.probeTarget("s3://warm/ward?storage-class=GLACIER&endpoint=" + server.endpoint());

            assertThat(found.recall()).isEqualTo(new TargetCapabilities.Cold(true, false, false, false));
        }
    }

    @Test
    void aStoreThatSaysItLocksAndLetsTheDeletionHappenIsFoundOut() {
        var careless = new ForwardingStore(MemoryStore.locking(TimeSource.system())) {
            private final Set<ObjectName> deleted = ConcurrentHashMap.newKeySet();

            @Override
            public boolean delete(ObjectName name) {
                return deleted.add(name);
            }

            @Override
            public OptionalLong length(ObjectName name) {
                return deleted.contains(name) ? OptionalLong.empty() : super.length(name);
            }
        };

        TargetCapabilities found = probe(careless);

        assertThat(found.worm()).isEqualTo(new TargetCapabilities.Worm(true, true, false, true, true));
        assertThat(found.worm().holds()).isFalse();
        assertThat(found.left().until()).isEmpty();
    }

    /** Locks that end whenever they are told to. */
    private static class LooseLocks implements ObjectStore.Locks {

        private Optional<Instant> end = Optional.empty();

        @Override
        public Optional<Instant> until(ObjectName name) {
            return end;
        }

        @Override
        public void extend(ObjectName name, Instant until) {
            end = Optional.of(until);
        }
    }

    private static TargetCapabilities.Worm locks(ObjectStore.Locks locks) {
        return probe(new ForwardingStore(new MemoryStore()) {
                    @Override
                    public Optional<Locks> locks() {
                        return Optional.of(locks);
                    }

                    @Override
                    public PutOutcome putIfAbsent(ObjectName name, ObjectContent content) {
                        if (content.keeping().locks()) {
                            locks.extend(name, content.keeping().until());
                        }
                        return super.putIfAbsent(name, content);
                    }
                })
                .worm();
    }

    @Test
    void locksThatCanBeMadeToEndSoonerAreFoundOut() {
        assertThat(locks(new LooseLocks())).isEqualTo(new TargetCapabilities.Worm(true, true, false, false, true));
    }

    @Test
    void locksOfWhichTheTargetKnowsNothingAfterwardsAreFoundOut() {
        assertThat(locks(new LooseLocks() {
                    @Override
                    public Optional<Instant> until(ObjectName name) {
                        throw ErrorCode.STORE_DENIED.because("nobody may ask");
                    }
                }))
                .isEqualTo(new TargetCapabilities.Worm(true, false, false, false, false));
    }

    @Test
    void aTargetThatDoesNotAnswerIsNotSaidToHaveNoLocks() {
        assertThatThrownBy(() -> locks(new LooseLocks() {
                    @Override
                    public Optional<Instant> until(ObjectName name) {
                        throw ErrorCode.STORE_UNAVAILABLE.because("no answer");
                    }
                }))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE));
    }

    /** A store whose packs lie cold from the beginning. */
    private static TargetCapabilities.Cold cold(ErrorCode onRead, ErrorCode onRequest) {
        return probe(new ForwardingStore(new MemoryStore()) {
                    @Override
                    public int read(ObjectName name, long offset, ByteBuffer target) {
                        if (name.text().startsWith("d/")) {
                            throw onRead.because("it was asked to");
                        }
                        return super.read(name, offset, target);
                    }

                    @Override
                    public Optional<Recall> recall() {
                        return Optional.of(new Recall() {
                            @Override
                            public Readiness readiness(ObjectName name) {
                                return Readiness.COLD;
                            }

                            @Override
                            public void request(ObjectName name, Speed speed, Duration keep) {
                                throw onRequest.because("it was asked to");
                            }
                        });
                    }
                })
                .recall();
    }

    @Test
    void coldStorageFromWhichNothingMayBeAskedForIsSaidToBeThat() {
        assertThat(cold(ErrorCode.OBJECT_OFFLINE, ErrorCode.STORE_DENIED))
                .isEqualTo(new TargetCapabilities.Cold(true, true, true, false));
        assertThat(cold(ErrorCode.OBJECT_OFFLINE, ErrorCode.CONFIGURATION_INVALID)
                        .requested())
                .isFalse();
    }

    @Test
    void coldStorageThatDoesNotAnswerFailsTheProbe() {
        for (var call : List.<ThrowingCallable>of(
                () -> cold(ErrorCode.STORE_UNAVAILABLE, ErrorCode.STORE_DENIED),
                () -> cold(ErrorCode.OBJECT_OFFLINE, ErrorCode.STORE_UNAVAILABLE))) {
            assertThatThrownBy(call)
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE));
        }
    }

    /** A target that promises everything and keeps little. */
    private static final class LyingStore implements ObjectStore {

        private final MemoryStore inner = new MemoryStore();

        @Override
        public String location() {
            return "lies";
        }

        @Override
        public PutOutcome putIfAbsent(ObjectName name, ObjectContent content) {
            inner.delete(name);
            return inner.putIfAbsent(name, content);
        }

        @Override
        public int read(ObjectName name, long offset, ByteBuffer target) {
            return inner.read(name, name.text().equals("range") ? 0 : offset, target);
        }

        @Override
        public OptionalLong length(ObjectName name) {
            return inner.length(name);
        }

        @Override
        public void list(String prefix, Consumer<ObjectInfo> visitor) {
            inner.names(prefix).reversed().forEach(name -> visitor.accept(new ObjectInfo(name, 4)));
        }

        @Override
        public boolean delete(ObjectName name) {
            throw ErrorCode.DELETION_REFUSED.because("never");
        }

        @Override
        public Optional<Questions> questions() {
            return Optional.of(name -> false);
        }

        @Override
        public boolean isEmpty() {
            return inner.isEmpty();
        }

        @Override
        public void close() {}
    }

    @Test
    void aTargetThatOverwritesAndNeverDeletesIsFoundOut() {
        TargetCapabilities found = probe(new LyingStore());

        assertThat(found.isCreateOnly()).isFalse();
        assertThat(found.refusesExisting()).isFalse();
        assertThat(found.atomic()).isFalse();
        assertThat(found.wrongChecksumRejected()).isFalse();
        assertThat(found.listing().ordered()).isFalse();
        assertThat(found.rangesExact()).isFalse();
        assertThat(found.deleteDenied()).isTrue();
        assertThat(found.left().objects()).isGreaterThan(15);
        assertThat(found.left().until()).isEmpty();
    }

    @Test
    void aTargetThatFailsWhileItIsTriedFailsTheProbeAndIsCleaned() {
        var inner = new MemoryStore();
        var failing = new FaultyStore(
                inner,
                (call, name, number) -> name.startsWith("race/3") ? FaultyStore.Fault.FAILS : FaultyStore.Fault.NONE);

        assertThatThrownBy(() -> probe(failing))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE));
        assertThat(inner.names()).isEmpty();
    }
}
