package org.medbackup.store.azure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
import org.medbackup.store.common.Silence;
import org.medbackup.testkit.AzuriteServer;
import org.medbackup.testkit.CountingThrottle;
import org.medbackup.testkit.ObjectStoreContract;

/** The contract of stores, on a real server. */
class AzureStoreTest implements ObjectStoreContract {

    private static final AtomicInteger STORES = new AtomicInteger();

    @TempDir
    static Path folder;

    private static AzuriteServer server;

    private final Map<String, String> environment = new HashMap<>(Map.of("AZURE_STORAGE_KEY", AzuriteServer.KEY));
    private String location = "";

    @BeforeAll
    static void startServer() {
        server = AzuriteServer.start(folder);
        server.createContainer("contract");
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void chooseAnEmptyPrefix() {
        location = "azure://clinic/contract/store" + STORES.incrementAndGet();
        environment.put(AzureLocation.ENDPOINT, server.endpoint());
    }

    @Override
    public ObjectStore open() {
        return open(Throttle.none());
    }

    private AzureStore open(Throttle throttle) {
        return AzureStoreProvider.open(
                URI.create(location), environment::get, Silence.of(Duration.ofSeconds(20)), throttle);
    }

    private static byte[] random(int seed, int length) {
        var bytes = new byte[length];
        RandomGeneratorFactory.getDefault().create(seed).nextBytes(bytes);
        return bytes;
    }

    /** A token for the container as somebody makes it who has the key. */
    private static String token(String permissions, String expiry) {
        String version = "2020-10-02";
        String signature = AzuriteServer.sign(String.join(
                "\n",
                permissions,
                "",
                expiry,
                "/blob/" + AzuriteServer.ACCOUNT + "/contract",
                "",
                "",
                "",
                version,
                "c",
                "",
                "",
                "",
                "",
                "",
                ""));
        return "?sp=" + permissions + "&se=" + expiry + "&sv=" + version + "&sr=c&sig="
                + URLEncoder.encode(signature, UTF_8);
    }

    private void useToken(String permissions, String expiry) {
        environment.remove("AZURE_STORAGE_KEY");
        environment.put("AZURE_STORAGE_SAS_TOKEN", token(permissions, expiry));
    }

    private static ErrorCode code(Runnable work) {
        try {
            work.run();
        } catch (BackupException failure) {
            assertThat(failure.describe()).doesNotContain("canary", AzuriteServer.KEY, "sig=");
            return failure.code();
        }
        throw new AssertionError("it did not fail");
    }

    @Test
    void aLargeObjectIsMadeOfBlocksAndNeverReplaced() {
        byte[] bytes = random(7, 5 * Blocks.LENGTH + 17);
        byte[] others = bytes.clone();
        others[others.length - 1]++;
        try (ObjectStore store = open()) {
            assertThat(store.putIfAbsent(ObjectName.of("d/large"), ObjectContent.of(bytes)))
                    .isEqualTo(PutOutcome.CREATED);
            assertThat(store.putIfAbsent(ObjectName.of("d/large"), ObjectContent.of(others)))
                    .isEqualTo(PutOutcome.EXISTED);

            assertThat(store.readAll(ObjectName.of("d/large"))).isEqualTo(bytes);
        }
    }

    @Test
    void ofManyWritersOfOneLargeNameOneWinsAndItsBytesAreThere() throws Exception {
        int writers = 6;
        ObjectName name = ObjectName.of("race/large");
        try (ObjectStore store = open();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var start = new CountDownLatch(1);
            List<Future<PutOutcome>> outcomes = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                byte[] bytes = random(writer, Blocks.LENGTH + 1000 + writer);
                Callable<PutOutcome> put = () -> {
                    start.await();
                    return store.putIfAbsent(name, ObjectContent.of(bytes));
                };
                outcomes.add(threads.submit(put));
            }
            start.countDown();

            var winners = new ArrayList<Integer>();
            for (int writer = 0; writer < writers; writer++) {
                if (outcomes.get(writer).get() == PutOutcome.CREATED) {
                    winners.add(writer);
                }
            }
            assertThat(winners).hasSize(1);
            assertThat(store.readAll(name))
                    .isEqualTo(random(winners.getFirst(), Blocks.LENGTH + 1000 + winners.getFirst()));
        }
    }

    @Test
    void blocksThatWereNeverCommittedAreNotSeen() {
        ObjectContent breaking = new ObjectContent() {
            @Override
            public long length() {
                return 3L * Blocks.LENGTH;
            }

            @Override
            public void writeTo(WritableByteChannel target) throws IOException {
                assertThat(target.isOpen()).isTrue();
                target.write(ByteBuffer.allocate(2 * Blocks.LENGTH + 1));
                target.close();
                throw new IOException("canary-path");
            }
        };
        try (ObjectStore store = open()) {
            assertThat(code(() -> store.putIfAbsent(ObjectName.of("half"), breaking)))
                    .isEqualTo(ErrorCode.STORE_UNAVAILABLE);

            assertThat(store.isEmpty()).isTrue();
            assertThat(store.length(ObjectName.of("half"))).isEmpty();
            assertThat(store.putIfAbsent(ObjectName.of("half"), ObjectContent.of(new byte[3])))
                    .isEqualTo(PutOutcome.CREATED);
        }
    }

    @Test
    void withoutMemoryForMoreBlocksOneAfterTheOtherIsSent() {
        byte[] bytes = random(3, 3 * Blocks.LENGTH);
        Throttle full = new Throttle() {
            @Override
            public Permit acquire(Demand demand) {
                return Throttle.none().acquire(demand);
            }

            @Override
            public @Nullable Room roomNow(long length) {
                return null;
            }
        };
        try (ObjectStore store = open(full)) {
            store.putIfAbsent(ObjectName.of("d/large"), ObjectContent.of(bytes));

            assertThat(store.readAll(ObjectName.of("d/large"))).isEqualTo(bytes);
        }
    }

    @Test
    void manyPagesAreListedInOrder() {
        server.createContainer("pages");
        location = "azure://clinic/pages/p";
        var names = new ArrayList<String>();
        try (ObjectStore store =
                AzureStoreProvider.open(URI.create(location), environment::get, Silence.usual(), Throttle.none(), 10)) {
            for (int i = 0; i < 105; i++) {
                store.putIfAbsent(ObjectName.of("d/" + (1_000 + i)), ObjectContent.of(new byte[0]));
            }
            server.put("pages", "p/d/NotOurs", "x");
            store.list("d/", info -> names.add(info.name().text()));

            assertThat(store.isEmpty()).isFalse();
        }

        assertThat(names).hasSize(105).isSorted().startsWith("d/1000").endsWith("d/1104");
    }

    @Test
    void aContainerThatIsNotThereIsNamedAsTheCause() {
        location = "azure://clinic/no-such-container/p";
        ObjectName name = ObjectName.of("a");
        try (ObjectStore store = open()) {
            assertThat(code(() -> store.putIfAbsent(name, ObjectContent.of(new byte[1]))))
                    .isEqualTo(ErrorCode.BUCKET_NOT_FOUND);
            assertThat(code(() -> store.putIfAbsent(name, ObjectContent.of(new byte[Blocks.LENGTH + 1]))))
                    .isEqualTo(ErrorCode.BUCKET_NOT_FOUND);
            assertThat(code(() -> store.length(name))).isEqualTo(ErrorCode.BUCKET_NOT_FOUND);
            assertThat(code(() -> store.delete(name))).isEqualTo(ErrorCode.BUCKET_NOT_FOUND);
            assertThat(code(store::isEmpty)).isEqualTo(ErrorCode.BUCKET_NOT_FOUND);
        }
    }

    @Test
    void aWrongKeyIsDeniedWithARemedyAndNotRepeatedInTheMessage() {
        environment.put("AZURE_STORAGE_KEY", "Y2FuYXJ5LXdyb25nLWtleQ==");
        try (ObjectStore store = open()) {
            assertThatThrownBy(store::isEmpty).isInstanceOfSatisfying(BackupException.class, failure -> {
                assertThat(failure.code()).isEqualTo(ErrorCode.STORE_DENIED);
                assertThat(failure.describe()).doesNotContain("canary", "Y2FuYXJ5");
                assertThat(failure.remedy()).contains("credentials");
                assertThat(failure).hasNoCause();
            });
            assertThat(code(() -> store.delete(ObjectName.of("a")))).isEqualTo(ErrorCode.STORE_DENIED);
        }
    }

    @Test
    void aTokenForNewObjectsMakesLargeOnesTooAndReplacesOrDeletesNone() {
        byte[] bytes = random(5, 2 * Blocks.LENGTH + 1);
        ObjectName name = ObjectName.of("d/pack");
        useToken("rcl", "2099-01-01T00:00:00Z");
        try (ObjectStore store = open()) {
            assertThat(store.putIfAbsent(name, ObjectContent.of(bytes))).isEqualTo(PutOutcome.CREATED);
            assertThat(store.putIfAbsent(name, ObjectContent.of(new byte[1]))).isEqualTo(PutOutcome.EXISTED);
            assertThat(code(() -> store.delete(name))).isEqualTo(ErrorCode.DELETION_REFUSED);

            assertThat(store.readAll(name)).isEqualTo(bytes);
        }
    }

    @Test
    void aTokenThatMayWriteSendsBlocks() {
        byte[] bytes = random(6, 2 * Blocks.LENGTH + 1);
        useToken("rwdl", "2099-01-01T00:00:00Z");
        try (ObjectStore store = open()) {
            store.putIfAbsent(ObjectName.of("d/pack"), ObjectContent.of(bytes));

            assertThat(store.readAll(ObjectName.of("d/pack"))).isEqualTo(bytes);
            assertThat(store.delete(ObjectName.of("d/pack"))).isTrue();
        }
    }

    @Test
    void aTokenThatHasEndedIsDenied() {
        useToken("rcl", "2020-01-01T00:00:00Z");
        try (ObjectStore store = open()) {
            assertThat(code(() -> store.length(ObjectName.of("a")))).isEqualTo(ErrorCode.STORE_DENIED);
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
    void bytesWithTheChecksumOfOthersAreRefused() {
        try (ObjectStore store = open()) {
            assertThat(store.questions().orElseThrow().refusesWrongChecksum(ObjectName.of("wrong")))
                    .isTrue();
            assertThat(store.length(ObjectName.of("wrong"))).isEmpty();
        }
    }

    @Test
    void whatAProbeHadToLeaveIsNobodys() {
        String place = location;
        try (ObjectStore store = open()) {
            location = place + "/.probe/0123";
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
        byte[] large = random(9, Blocks.LENGTH + 700_000);
        byte[] small = random(10, 1_000);
        try (ObjectStore store = open(throttle)) {
            store.putIfAbsent(ObjectName.of("small"), ObjectContent.of(small));
            assertThat(throttle.used(Throttle.Resource.NETWORK_EGRESS)).isEqualTo(1_000);
            store.putIfAbsent(ObjectName.of("large"), ObjectContent.of(large));
            // The list of blocks is content too.
            assertThat(throttle.used(Throttle.Resource.NETWORK_EGRESS))
                    .isBetween(large.length + 1_000L, large.length + 1_400L);

            long before = throttle.used(Throttle.Resource.NETWORK_INGRESS);
            assertThat(store.readAll(ObjectName.of("large"))).isEqualTo(large);
            assertThat(throttle.used(Throttle.Resource.NETWORK_INGRESS) - before)
                    .isEqualTo(large.length);
        }
        assertThat(throttle.open()).isZero();
    }

    @Test
    void theProviderFindsItsSettingsInTheEnvironmentOrInProperties() {
        System.setProperty("azure.storage.key.clinic", AzuriteServer.KEY);
        System.setProperty("medbackup.azure.endpoint", server.endpoint());
        var provider = new AzureStoreProvider();
        try (ObjectStore store = provider.open(URI.create(location), Throttle.none())) {
            assertThat(provider.schemes()).containsExactly("azure");
            assertThat(store.location()).isEqualTo(location);
            assertThat(store.isEmpty()).isTrue();
        } finally {
            System.clearProperty("azure.storage.key.clinic");
            System.clearProperty("medbackup.azure.endpoint");
        }
    }
}
