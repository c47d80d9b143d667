package org.medbackup.store.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.store.common.Silence;
import org.medbackup.testkit.CountingThrottle;
import org.medbackup.testkit.GcsServer;
import org.medbackup.testkit.ObjectStoreContract;

/** The contract of stores, on a server of its own. */
class GcsStoreTest implements ObjectStoreContract {

    private static final AtomicInteger STORES = new AtomicInteger();

    @TempDir
    static Path folder;

    private static GcsServer server;

    private final Map<String, String> environment = new HashMap<>();
    private String location = "";

    @BeforeAll
    static void startServer() {
        server = GcsServer.start(folder);
        server.createBucket("contract");
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void chooseAnEmptyPrefix() {
        location = "gs://contract/store" + STORES.incrementAndGet();
        environment.put(GcsLocation.ENDPOINT, server.endpoint());
    }

    @Override
    public ObjectStore open() {
        return open(Throttle.none());
    }

    private GcsStore open(Throttle throttle) {
        return GcsStoreProvider.open(
                URI.create(location), environment::get, Silence.of(Duration.ofSeconds(20)), throttle);
    }

    private static byte[] random(int seed, int length) {
        var bytes = new byte[length];
        RandomGeneratorFactory.getDefault().create(seed).nextBytes(bytes);
        return bytes;
    }

    private static ErrorCode code(Runnable work) {
        return Scripted.catching(work).code();
    }

    @Test
    void aLargeObjectIsMadeOfPiecesAndNeverReplaced() {
        byte[] bytes = random(7, 2 * Session.PIECE + 17);
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
        int writers = 4;
        ObjectName name = ObjectName.of("race/large");
        try (ObjectStore store = open();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var start = new CountDownLatch(1);
            List<Future<PutOutcome>> outcomes = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                byte[] bytes = random(writer, Session.PIECE + 1000 + writer);
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
                    .isEqualTo(random(winners.getFirst(), Session.PIECE + 1000 + winners.getFirst()));
        }
    }

    @Test
    void piecesOfAnUploadThatNeverEndsAreNotSeen() {
        var written = new AtomicInteger();
        Thread putting = Thread.currentThread();
        ObjectContent ending = new ObjectContent() {
            @Override
            public long length() {
                return 3L * Session.PIECE;
            }

            @Override
            public void writeTo(WritableByteChannel target) throws IOException {
                for (int piece = 0; piece < 3; piece++) {
                    if (written.incrementAndGet() == 6) {
                        // This server takes the question how far it is for the end, and who is interrupted does not
                        // ask.
                        putting.interrupt();
                    }
                    target.write(ByteBuffer.allocate(Session.PIECE));
                }
            }
        };
        ObjectName name = ObjectName.of("half");
        try (ObjectStore store = open()) {
            assertThat(code(() -> store.putIfAbsent(name, ending))).isEqualTo(ErrorCode.CANCELLED);
            assertThat(Thread.interrupted()).isTrue();

            assertThat(store.isEmpty()).isTrue();
            assertThat(store.putIfAbsent(name, ObjectContent.of(new byte[3]))).isEqualTo(PutOutcome.CREATED);
        }
    }

    @Test
    void manyPagesAreListedInOrder() {
        server.createBucket("pages");
        location = "gs://pages/p";
        var names = new ArrayList<String>();
        try (ObjectStore store =
                GcsStoreProvider.open(URI.create(location), environment::get, Silence.usual(), Throttle.none(), 10)) {
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
    void aBucketThatIsNotThereIsNamedAsTheCause() {
        location = "gs://no-such-bucket/p";
        ObjectName name = ObjectName.of("a");
        try (ObjectStore store = open()) {
            assertThat(code(() -> store.putIfAbsent(name, ObjectContent.of(new byte[1]))))
                    .isEqualTo(ErrorCode.BUCKET_NOT_FOUND);
            assertThat(code(() -> store.putIfAbsent(name, ObjectContent.of(new byte[Session.PIECE + 1]))))
                    .isEqualTo(ErrorCode.BUCKET_NOT_FOUND);
            assertThat(code(() -> store.length(name))).isEqualTo(ErrorCode.BUCKET_NOT_FOUND);
            assertThat(code(() -> store.read(name, 0, ByteBuffer.allocate(1)))).isEqualTo(ErrorCode.BUCKET_NOT_FOUND);
            assertThat(code(() -> store.delete(name))).isEqualTo(ErrorCode.BUCKET_NOT_FOUND);
            assertThat(code(store::isEmpty)).isEqualTo(ErrorCode.BUCKET_NOT_FOUND);
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
        byte[] large = random(9, Session.PIECE + 700_000);
        byte[] small = random(10, 1_000);
        try (ObjectStore store = open(throttle)) {
            store.putIfAbsent(ObjectName.of("small"), ObjectContent.of(small));
            // What describes an object goes with it.
            long sent = throttle.used(Throttle.Resource.NETWORK_EGRESS);
            assertThat(sent).isBetween(1_000L, 1_400L);
            store.putIfAbsent(ObjectName.of("large"), ObjectContent.of(large));
            assertThat(throttle.used(Throttle.Resource.NETWORK_EGRESS) - sent)
                    .isBetween((long) large.length, large.length + 100L);

            long before = throttle.used(Throttle.Resource.NETWORK_INGRESS);
            var target = ByteBuffer.allocate(large.length);
            assertThat(store.read(ObjectName.of("large"), 0, target)).isEqualTo(large.length);
            assertThat(target.array()).isEqualTo(large);
            assertThat(throttle.used(Throttle.Resource.NETWORK_INGRESS) - before)
                    .isEqualTo(large.length);
        }
        assertThat(throttle.open()).isZero();
    }

    @Test
    void theProviderFindsItsSettingsInTheEnvironmentOrInProperties() {
        System.setProperty("medbackup.gcs.endpoint", server.endpoint());
        var provider = new GcsStoreProvider();
        try (ObjectStore store = provider.open(URI.create(location), Throttle.none())) {
            assertThat(provider.schemes()).containsExactly("gs");
            assertThat(store.location()).isEqualTo(location);
            assertThat(store.isEmpty()).isTrue();
        } finally {
            System.clearProperty("medbackup.gcs.endpoint");
        }
    }
}
