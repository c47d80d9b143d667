package org.medbackup.store.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.Keeping;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.core.spi.store.StoreGateway;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.testkit.CountingThrottle;
import org.medbackup.testkit.FaultyStore;
import org.medbackup.testkit.MemoryStore;

/** What goes through a gateway, and what does not. */
class GatewayTest {

    private static final String SELF = System.getProperty("user.name");

    @TempDir
    Path temp;

    private final MemoryStore kept = new MemoryStore();
    private final AtomicReference<FaultyStore.Fault> fault = new AtomicReference<>(FaultyStore.Fault.NONE);
    private Path socket = Path.of("socket");
    private StoreGateway.Serving serving = serveNothing();
    private ObjectStore store = kept;

    private static StoreGateway.Serving serveNothing() {
        return new StoreGateway.Serving() {
            @Override
            public void await() {}

            @Override
            public void close() {}
        };
    }

    @BeforeEach
    void serve() {
        socket = temp.resolve("repo.sock");
        serving = new SocketGateway()
                .serve(new FaultyStore(kept, (call, name, number) -> fault.get()), socket, Set.of(SELF));
        store = new GatewayStoreProvider().open(URI.create("gateway://" + socket));
    }

    @AfterEach
    void end() {
        store.close();
        serving.close();
    }

    private static ObjectName name(String text) {
        return ObjectName.of(text);
    }

    private static ObjectContent content(String text) {
        return ObjectContent.of(text.getBytes(UTF_8));
    }

    private static void fails(ErrorCode code, ThrowingCallable call) {
        assertThatExceptionOfType(BackupException.class)
                .isThrownBy(call)
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(code));
    }

    private List<String> names(String prefix) {
        var names = new ArrayList<String>();
        store.list(prefix, info -> names.add(info.name() + " " + info.length()));
        return names;
    }

    @Test
    void aWriterAddsWhatItWritesAndReadsWhatItNeeds() {
        var segment = new byte[3_000_000];
        for (int i = 0; i < segment.length; i++) {
            segment[i] = (byte) (i * 31 >> 3);
        }
        for (String name : List.of("t/ab-0", "d/00/x", "m/00/x", "r/00/x", "i/0-x", "root/01", "c/ab", "s/ab")) {
            assertThat(store.putIfAbsent(name(name), ObjectContent.of(segment))).isEqualTo(PutOutcome.CREATED);
        }
        kept.putIfAbsent(name("g/00"), content("list"));
        kept.putIfAbsent(name("format"), content("described"));
        kept.putIfAbsent(name("keys/signer-1"), content("certificate"));

        assertThat(store.readAll(name("i/0-x"))).isEqualTo(segment);
        assertThat(store.readAll(name("format"))).isEqualTo("described".getBytes(UTF_8));
        assertThat(store.length(name("d/00/x"))).hasValue(3_000_000);
        assertThat(store.length(name("format.2"))).isEmpty();
        ByteBuffer middle = ByteBuffer.allocate(5);
        assertThat(store.read(name("i/0-x"), 2_999_998, middle)).isEqualTo(2);
        assertThat(names("root/")).containsExactly("root/01 3000000");
        assertThat(names("g/")).containsExactly("g/00 4");
        assertThat(names("keys/signer-")).containsExactly("keys/signer-1 11");
        assertThat(names("keys.2/signer-")).isEmpty();
        assertThat(store.location()).isEqualTo("gateway://" + socket);
        fails(ErrorCode.OBJECT_MISSING, () -> store.read(name("i/none"), 0, ByteBuffer.allocate(1)));
    }

    @Test
    void nothingIsReplaced() {
        store.putIfAbsent(name("s/one"), content("first"));

        assertThat(store.putIfAbsent(name("s/one"), content("second"))).isEqualTo(PutOutcome.EXISTED);

        assertThat(kept.readAll(name("s/one"))).isEqualTo("first".getBytes(UTF_8));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"format", "format.2", "keys/owner-1", "keys/signer-1", "keys.2/x", "g/00", "v/1", "other"})
    void whatOnlyTheOwnerMakesIsNotAdded(String name) {
        fails(ErrorCode.STORE_DENIED, () -> store.putIfAbsent(name(name), content("forged")));

        assertThat(kept.names("")).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"d/00/x", "m/00/x", "r/00/x", "t/ab-0", "keys/owner-1", "keys.2/owner-1", "v/1", "other"})
    void whatAWriterHasNoNeedOfIsNotRead(String name) {
        kept.putIfAbsent(name(name), content("secret"));

        fails(ErrorCode.STORE_DENIED, () -> store.read(name(name), 0, ByteBuffer.allocate(6)));
    }

    @ParameterizedTest(name = "<{0}>")
    @ValueSource(strings = {"", "s/", "c/", "t/", "d/", "m/00", "keys/", "keys/owner-", "v/", "i/", "f"})
    void whatOthersHaveWrittenIsNotListed(String prefix) {
        fails(ErrorCode.STORE_DENIED, () -> names(prefix));
    }

    @Test
    void nothingIsDeletedAndNoRepositoryMade() {
        kept.putIfAbsent(name("s/one"), content("kept"));

        fails(ErrorCode.STORE_DENIED, () -> store.delete(name("s/one")));
        fails(ErrorCode.STORE_DENIED, store::isEmpty);
        fails(ErrorCode.STORE_DENIED, () -> store.length(name("keys/owner-1")));

        assertThat(kept.names("")).containsExactly(name("s/one"));
    }

    /** A client of somebody else's making says each of the other 252 acts. */
    @Test
    void anActThatDoesNotExistIsRefusedAndEndsTheConnection() throws IOException {
        kept.putIfAbsent(name("s/one"), content("kept"));
        for (int act = 0; act < 256; act++) {
            if (act >= Protocol.PUT && act <= Protocol.LIST) {
                continue;
            }
            try (Line line = Line.open(socket)) {
                line.request(act, "s/one");
                assertThat(line.answer()).isEqualTo(Protocol.REFUSED);
                assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
                    line.request(Protocol.LENGTH, "format");
                    line.answer();
                });
            }
        }
        assertThat(kept.names("")).containsExactly(name("s/one"));
    }

    @Test
    void namesThatAreNoneAndSizesOutOfBoundsAreRefused() throws IOException {
        try (Line line = Line.open(socket)) {
            for (String name : List.of("d/../../etc/passwd", "d/", "d//x", "s/A", "t/\u007f")) {
                line.request(Protocol.PUT, name);
                put(line, 1, 0);
                assertThat(line.answer()).as(name).isEqualTo(Protocol.REFUSED);
            }
            for (long length : new long[] {-1, Long.MAX_VALUE, Protocol.LONGEST_OBJECT + 1}) {
                line.request(Protocol.PUT, "d/00/x");
                put(line, length, 0);
                assertThat(line.answer()).isEqualTo(Protocol.REFUSED);
            }
            for (long locked : new long[] {-1, Long.MAX_VALUE}) {
                line.request(Protocol.PUT, "d/00/x");
                put(line, 1, locked);
                assertThat(line.answer()).isEqualTo(Protocol.REFUSED);
            }
            for (int length : new int[] {-1, Integer.MAX_VALUE, Protocol.LONGEST_READ + 1}) {
                line.request(Protocol.READ, "format");
                line.out.writeLong(0);
                line.out.writeInt(length);
                assertThat(line.answer()).isEqualTo(Protocol.REFUSED);
            }
            line.request(Protocol.READ, "format");
            line.out.writeLong(-1);
            line.out.writeInt(1);
            assertThat(line.answer()).isEqualTo(Protocol.REFUSED);
        }
        try (Line line = Line.open(socket)) {
            line.out.writeByte(Protocol.LENGTH);
            line.out.writeShort(60_000);
            line.out.write("x".repeat(60_000).getBytes(US_ASCII));
            assertThatExceptionOfType(IOException.class).isThrownBy(line::answer);
        }
        assertThat(kept.names("")).isEmpty();
    }

    private static void put(Line line, long length, long locked) throws IOException {
        line.out.writeLong(length);
        Protocol.writeName(line.out, "vault");
        line.out.writeLong(locked);
    }

    @Test
    void whatIsAskedForAnObjectReachesTheStoreBehindTheGateway() {
        Instant until = Instant.parse("2030-01-01T00:00:00.25Z");

        store.putIfAbsent(name("d/00/x"), ObjectContent.of(new byte[3]).kept(new Keeping("vault", until)));
        store.putIfAbsent(name("d/00/y"), ObjectContent.of(new byte[3]));

        assertThat(kept.keeping(name("d/00/x"))).isEqualTo(new Keeping("vault", Instant.parse("2030-01-01T00:00:01Z")));
        assertThat(kept.keeping(name("d/00/y"))).isEqualTo(Keeping.NONE);
    }

    @Test
    void aPutThatBreaksOffLeavesNothing() throws IOException {
        ObjectContent broken = new ObjectContent() {
            @Override
            public long length() {
                return 300_000;
            }

            @Override
            public void writeTo(WritableByteChannel target) throws IOException {
                target.write(ByteBuffer.wrap(new byte[200_000]));
                throw new IOException("the source broke");
            }
        };
        fails(ErrorCode.STORE_UNAVAILABLE, () -> store.putIfAbsent(name("d/00/x"), broken));

        assertThat(kept.names("")).isEmpty();
        assertThat(store.putIfAbsent(name("d/00/x"), content("whole"))).isEqualTo(PutOutcome.CREATED);
    }

    @Test
    void ofManyPutsOfOneNameExactlyOneWins() throws Exception {
        try (var threads = Executors.newFixedThreadPool(12)) {
            var outcomes = new ArrayList<Future<PutOutcome>>();
            for (int writer = 0; writer < 12; writer++) {
                String text = "writer " + writer;
                Callable<PutOutcome> put = () -> store.putIfAbsent(name("s/race"), content(text));
                outcomes.add(threads.submit(put));
            }
            int won = 0;
            for (Future<PutOutcome> outcome : outcomes) {
                won += outcome.get() == PutOutcome.CREATED ? 1 : 0;
            }
            assertThat(won).isEqualTo(1);
        }
    }

    @Test
    void failuresOfTheStoreBehindAreToldApart() {
        fault.set(FaultyStore.Fault.FULL);
        fails(ErrorCode.NO_SPACE, () -> store.length(name("format")));
        fault.set(FaultyStore.Fault.FAILS);
        fails(ErrorCode.STORE_UNAVAILABLE, () -> store.length(name("format")));
        fails(ErrorCode.STORE_UNAVAILABLE, () -> names("g/"));
        fails(ErrorCode.STORE_UNAVAILABLE, () -> store.putIfAbsent(name("s/x"), content("x")));
        fault.set(FaultyStore.Fault.NONE);

        assertThat(store.length(name("format"))).isEmpty();
    }

    @Test
    void anAccountThatIsNotAllowedIsTurnedAway() {
        Path other = temp.resolve("other.sock");
        StoreGateway.Serving closed = new SocketGateway().serve(kept, other, Set.of("somebody-else"));
        try (var client = new GatewayStore(other, Throttle.none())) {
            fails(ErrorCode.STORE_UNAVAILABLE, () -> client.length(name("format")));
        } finally {
            closed.close();
        }
        closed.await();
        assertThat(other).doesNotExist();
    }

    @Test
    void whoSpeaksAnotherLanguageIsHungUpOn() throws IOException {
        try (var channel = java.nio.channels.SocketChannel.open(java.net.UnixDomainSocketAddress.of(socket))) {
            channel.write(ByteBuffer.wrap("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII)));
            ByteBuffer answer = ByteBuffer.allocate(100);
            while (channel.read(answer) >= 0) {
                assertThat(answer.position()).isLessThanOrEqualTo(5);
            }
        }
        assertThat(store.length(name("format"))).isEmpty();
    }

    @Test
    void aClientHearsWhenTheGatewayHasEnded() {
        store.length(name("format"));
        serving.close();

        fails(ErrorCode.STORE_UNAVAILABLE, () -> store.length(name("format")));
        fails(ErrorCode.STORE_UNAVAILABLE, () -> store.length(name("format")));
    }

    @Test
    void anAbandonedSocketIsReplacedAndAnythingElseIsNot() throws IOException {
        var gateway = new SocketGateway();
        fails(ErrorCode.TARGET_UNUSABLE, () -> gateway.serve(kept, socket, Set.of(SELF)));
        Path file = Files.writeString(temp.resolve("file"), "mine");
        fails(ErrorCode.TARGET_UNUSABLE, () -> gateway.serve(kept, file, Set.of(SELF)));
        assertThat(file).hasContent("mine");
        fails(ErrorCode.TARGET_UNUSABLE, () -> gateway.serve(kept, temp.resolve("none/x.sock"), Set.of(SELF)));

        Path abandoned = temp.resolve("abandoned.sock");
        try (var left = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            left.bind(java.net.UnixDomainSocketAddress.of(abandoned));
        }
        try (var client = new GatewayStore(abandoned, Throttle.none());
                var again = gateway.serve(kept, abandoned, Set.of(SELF))) {
            assertThat(again).isNotNull();
            assertThat(client.length(name("format"))).isEmpty();
        }
    }

    @Test
    void waitingEndsByInterruption() throws InterruptedException {
        var ended = new AtomicReference<Throwable>();
        Thread waiting = Thread.ofPlatform().start(() -> {
            try {
                serving.await();
            } catch (BackupException cancelled) {
                ended.set(cancelled);
            }
        });
        waiting.interrupt();
        waiting.join();

        assertThat(ended.get())
                .isInstanceOfSatisfying(
                        BackupException.class,
                        cancelled -> assertThat(cancelled.code()).isEqualTo(ErrorCode.CANCELLED));
    }

    @Test
    void aLocationIsAPathOfThisMachine() {
        var provider = new GatewayStoreProvider();

        assertThat(provider.schemes()).containsExactly("gateway");
        fails(ErrorCode.LOCATION_UNSUPPORTED, () -> provider.open(URI.create("gateway://host/x")));
        fails(ErrorCode.LOCATION_UNSUPPORTED, () -> provider.open(URI.create("gateway:x")));
    }

    @Test
    void aGatewayThatSendsMoreThanItWasAskedForIsNotBelieved() throws Exception {
        Path liar = temp.resolve("liar.sock");
        try (var server = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX);
                var client = new GatewayStore(liar, Throttle.none())) {
            server.bind(java.net.UnixDomainSocketAddress.of(liar));
            Thread answering = Thread.ofPlatform().start(() -> {
                try (var channel = server.accept()) {
                    var out = new java.io.DataOutputStream(java.nio.channels.Channels.newOutputStream(channel));
                    Protocol.greet(out);
                    out.writeByte(Protocol.OK);
                    out.writeInt(1000);
                    out.flush();
                } catch (IOException gone) {
                    throw new java.io.UncheckedIOException(gone);
                }
            });
            fails(ErrorCode.STORE_UNAVAILABLE, () -> client.read(name("format"), 0, ByteBuffer.allocate(4)));
            answering.join();
        }
    }

    @Test
    void theProtocolRefusesAnotherVersion() {
        byte[] other = {'M', 'B', 'G', 'W', 9};
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() ->
                        Protocol.expectGreeting(new java.io.DataInputStream(new java.io.ByteArrayInputStream(other))));
        assertThatExceptionOfType(EOFException.class)
                .isThrownBy(() -> Protocol.expectGreeting(
                        new java.io.DataInputStream(new java.io.ByteArrayInputStream(new byte[2]))));
    }

    @Test
    void everyByteOfAnObjectPassesTheThrottle() {
        var throttle = new CountingThrottle(4096);
        byte[] bytes = randomBytes(9, 50_001);
        try (ObjectStore paced = new GatewayStoreProvider().open(URI.create("gateway://" + socket), throttle)) {
            assertThat(paced.putIfAbsent(name("i/0-large"), ObjectContent.of(bytes)))
                    .isEqualTo(PutOutcome.CREATED);
            assertThat(paced.readAll(name("i/0-large"))).isEqualTo(bytes);
        }
        assertThat(throttle.used(Throttle.Resource.DISK_WRITE)).isEqualTo(50_001);
        assertThat(throttle.used(Throttle.Resource.DISK_READ)).isEqualTo(50_001);
        assertThat(throttle.open()).isZero();
    }

    private static byte[] randomBytes(int seed, int length) {
        byte[] bytes = new byte[length];
        new java.util.Random(seed).nextBytes(bytes);
        return bytes;
    }
}
