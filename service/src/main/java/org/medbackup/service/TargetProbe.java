package org.medbackup.service;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.medbackup.core.Entropy;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.core.spi.throttle.Throttle;

/**
 * Tries what a target does, below {@code .probe/} and a random name, where no repository looks, and takes away what it
 * made and may delete.
 */
final class TargetProbe {

    private static final int WRITERS = 24;
    private static final int ROUNDS = 5;
    private static final int PIECE = 4 << 20;
    private static final int PIECES = 8;
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(2);

    private final Supplier<ObjectStore> withoutLocks;
    private final TimeSource time;
    private final Entropy entropy;
    private ObjectStore store;

    TargetProbe(ObjectStore store, TimeSource time, Entropy entropy) {
        this(store, () -> store, time, entropy);
    }

    /**
     * A probe.
     *
     * @param withoutLocks opens the same place as one that does not lock, for all else where the target has no locks: there
     *     even its objects are looked for in vain
     */
    private TargetProbe(ObjectStore store, Supplier<ObjectStore> withoutLocks, TimeSource time, Entropy entropy) {
        this.store = store;
        this.withoutLocks = withoutLocks;
        this.time = time;
        this.entropy = entropy;
    }

    /** Tries a target. */
    static TargetCapabilities run(String location, TimeSource time, Entropy entropy) {
        if (location.startsWith("gateway:")) {
            throw ErrorCode.LOCATION_UNSUPPORTED.because(
                    "a gateway lets through what a writer needs and no trials; probe the target behind it");
        }
        String place = below(location, HexFormat.of().formatHex(entropy.bytes(8)));
        try (ObjectStore there = Stores.openOnce(place, Throttle.none());
                ObjectStore target = Stores.openOnce(location, Throttle.none())) {
            Supplier<ObjectStore> plain = () -> Stores.openOnce(withoutLocks(place), Throttle.none());
            return new TargetProbe(there, plain, time, entropy).probe(target.location());
        } finally {
            folder(place).ifPresent(TargetProbe::removeFolders);
        }
    }

    private static String below(String location, String random) {
        if (!location.contains("://")) {
            return Path.of(location).resolve(".probe").resolve(random).toString();
        }
        int query = location.indexOf('?');
        String path = query < 0 ? location : location.substring(0, query);
        String options = query < 0 ? "" : location.substring(query);
        return path.replaceFirst("/+$", "") + "/.probe/" + random + options;
    }

    /** Where objects are files: the folders of their names stay when they are deleted. */
    private static Optional<Path> folder(String place) {
        return place.startsWith("hsm:")
                ? Optional.ofNullable(URI.create(place).getPath()).map(Path::of)
                : Stores.folder(place);
    }

    /** The same location without its option for locks. */
    static String withoutLocks(String place) {
        return place.replaceFirst("([?&])lock=[^&]*&?", "$1").replaceFirst("[?&]$", "");
    }

    /** Tries the store; gives what it saw under the name of the target. */
    TargetCapabilities probe(String location) {
        var locks = new LockTrial(store, time);
        ObjectStore given = store;
        Seen seen;
        long left;
        try {
            TargetCapabilities.Worm worm = locks.run();
            if (worm.configured() && !worm.isSupported()) {
                store = withoutLocks.get();
            }
            seen = look(worm);
        } finally {
            left = clean();
            if (!store.equals(given)) {
                store.close();
            }
        }
        return new TargetCapabilities(
                location,
                seen.refusesExisting(),
                seen.atomic(),
                seen.wrongChecksumRejected(),
                seen.deleteDenied(),
                seen.listing(),
                seen.rangesExact(),
                seen.worm(),
                seen.cold(),
                seen.throughput(),
                new TargetCapabilities.Left(left, locks.lockedUntil().orElse(null)));
    }

    /** What was seen, before anything is taken away. */
    private record Seen(
            boolean refusesExisting,
            boolean atomic,
            boolean wrongChecksumRejected,
            boolean deleteDenied,
            TargetCapabilities.Listing listing,
            boolean rangesExact,
            TargetCapabilities.Worm worm,
            TargetCapabilities.Cold cold,
            TargetCapabilities.Throughput throughput) {}

    private Seen look(TargetCapabilities.Worm worm) {
        return new Seen(
                refusesExisting(),
                isAtomic(),
                rejectsWrongChecksum(),
                deniesDeletion(),
                ListingTrial.run(store),
                readsRanges(),
                worm,
                ColdTrial.run(store),
                new TargetCapabilities.Throughput(writes(), reads()));
    }

    private static ObjectContent content(String text) {
        return ObjectContent.of(text.getBytes(StandardCharsets.US_ASCII));
    }

    private boolean refusesExisting() {
        ObjectName name = ObjectName.of("existing");
        store.putIfAbsent(name, content("first"));
        PutOutcome second = store.putIfAbsent(name, content("second"));
        return second == PutOutcome.EXISTED && holds(name, "first");
    }

    private boolean holds(ObjectName name, String text) {
        return Arrays.equals(store.readAll(name), text.getBytes(StandardCharsets.US_ASCII));
    }

    private boolean isAtomic() {
        boolean atomic = true;
        try (ExecutorService threads = Executors.newFixedThreadPool(
                WRITERS, Thread.ofPlatform().daemon().name("probe-", 1).factory())) {
            for (int round = 0; round < ROUNDS; round++) {
                ObjectName name = ObjectName.of("race/" + round);
                var start = new CountDownLatch(1);
                var puts = new ArrayList<Future<PutOutcome>>();
                for (int writer = 0; writer < WRITERS; writer++) {
                    ObjectContent mine = content("writer " + writer);
                    Callable<PutOutcome> put = () -> {
                        start.await();
                        return store.putIfAbsent(name, mine);
                    };
                    puts.add(threads.submit(put));
                }
                start.countDown();
                atomic &= hasOneWinner(name, puts);
            }
        }
        return atomic;
    }

    private boolean hasOneWinner(ObjectName name, List<Future<PutOutcome>> puts) {
        var winners = new ArrayList<Integer>();
        for (int writer = 0; writer < puts.size(); writer++) {
            if (outcome(puts.get(writer)) == PutOutcome.CREATED) {
                winners.add(writer);
            }
        }
        return winners.size() == 1 && holds(name, "writer " + winners.getFirst());
    }

    private static PutOutcome outcome(Future<PutOutcome> put) {
        try {
            return put.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.because("interrupted while probing", interrupted);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof BackupException failure) {
                throw failure;
            }
            throw ErrorCode.INTERNAL.because("a trial failed", failed.getCause());
        }
    }

    private boolean rejectsWrongChecksum() {
        return store.questions()
                .map(questions -> questions.refusesWrongChecksum(ObjectName.of("wrong-checksum")))
                .orElse(false);
    }

    private boolean readsRanges() {
        ObjectName name = ObjectName.of("range");
        store.putIfAbsent(name, content("0123456789"));
        ByteBuffer middle = ByteBuffer.allocate(4);
        boolean exact =
                store.read(name, 3, middle) == 4 && Arrays.equals(middle.array(), new byte[] {'3', '4', '5', '6'});
        return exact
                && store.read(name, 8, ByteBuffer.allocate(4)) == 2
                && store.read(name, 10, ByteBuffer.allocate(4)) == 0;
    }

    private static ObjectName piece(int number) {
        return ObjectName.of("throughput/" + number);
    }

    private long writes() {
        byte[] bytes = entropy.bytes(PIECE);
        return rate(number -> {
            bytes[0] = (byte) number;
            store.putIfAbsent(piece(number), ObjectContent.of(bytes.clone()));
        });
    }

    private long reads() {
        return rate(number -> {
            if (store.length(piece(number)).isPresent()) {
                store.readAll(piece(number));
            }
        });
    }

    private interface Step {
        void take(int number);
    }

    private long rate(Step step) {
        long begun = time.nanos();
        int done = 0;
        while (done < PIECES && (done == 0 || time.since(begun).compareTo(LONG_ENOUGH) < 0)) {
            step.take(done++);
        }
        return (long) (done * (double) PIECE / Math.max(1e-9, time.since(begun).toNanos() / 1e9));
    }

    private boolean deniesDeletion() {
        ObjectName name = ObjectName.of("deletion");
        store.putIfAbsent(name, content("deletion"));
        return isDenied(store, name);
    }

    /** Whether a store refuses to delete an object, or has it still after it said that it did. */
    static boolean isDenied(ObjectStore store, ObjectName name) {
        try {
            store.delete(name);
            return store.length(name).isPresent();
        } catch (BackupException refused) {
            if (refused.code().kind() == ErrorCode.Kind.REFUSED) {
                return true;
            }
            throw refused;
        }
    }

    /** Takes away what it made; gives how many objects the target keeps. */
    private long clean() {
        var made = new ArrayList<ObjectName>();
        store.list("", info -> made.add(info.name()));
        return made.stream().filter(name -> isDenied(store, name)).count();
    }

    private static void removeFolders(Path place) {
        try (Stream<Path> all = Files.walk(place)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
            Path folder = place.getParent();
            if (folder != null) {
                // Fails, as it should, where another probe is at work.
                Files.deleteIfExists(folder);
            }
        } catch (IOException best) {
            // What cannot be removed is an empty folder that no repository looks at.
        }
    }
}
