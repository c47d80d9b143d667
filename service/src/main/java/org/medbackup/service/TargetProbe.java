package org.medbackup.service;

import java.io.IOException;
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
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.medbackup.core.Entropy;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.core.spi.throttle.Throttle;

/**
 * Tries what a target does, below {@code .probe/} and a random name, where no repository looks, and takes away what it
 * made.
 */
final class TargetProbe {

    private static final int WRITERS = 24;
    private static final int ROUNDS = 5;
    private static final int PIECE = 4 << 20;
    private static final int PIECES = 8;
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(2);

    private final ObjectStore store;
    private final TimeSource time;
    private final Entropy entropy;

    TargetProbe(ObjectStore store, TimeSource time, Entropy entropy) {
        this.store = store;
        this.time = time;
        this.entropy = entropy;
    }

    /** Tries a target. */
    static TargetCapabilities run(String location, TimeSource time, Entropy entropy) {
        String place = below(location, HexFormat.of().formatHex(entropy.bytes(8)));
        try (ObjectStore there = Stores.openOnce(place, Throttle.none());
                ObjectStore target = Stores.openOnce(location, Throttle.none())) {
            return new TargetProbe(there, time, entropy).probe(target.location());
        } finally {
            Stores.folder(place).ifPresent(TargetProbe::removeFolders);
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

    /** Tries the store; gives what it saw under the name of the target. */
    TargetCapabilities probe(String location) {
        boolean[] seen = new boolean[6];
        long[] rates = new long[2];
        long left;
        try {
            seen[0] = refusesExisting();
            seen[1] = isAtomic();
            seen[2] = rejectsWrongChecksum();
            seen[3] = readsRanges();
            rates[0] = writes();
            rates[1] = reads();
            seen[4] = lists();
            seen[5] = deniesDeletion();
        } finally {
            left = clean();
        }
        return new TargetCapabilities(
                location, seen[0], seen[1], seen[2], seen[5], seen[4], seen[3], rates[0], rates[1], left);
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

    private boolean lists() {
        List<ObjectName> expected = new ArrayList<>();
        for (String text : List.of("list/a", "list/a.b", "list/b/c", "list/c")) {
            ObjectName name = ObjectName.of(text);
            store.putIfAbsent(name, content("four"));
            expected.add(name);
        }
        var listed = new ArrayList<ObjectInfo>();
        store.list("list/", listed::add);
        return listed.equals(
                expected.stream().map(name -> new ObjectInfo(name, 4)).toList());
    }

    private boolean deniesDeletion() {
        ObjectName name = ObjectName.of("deletion");
        store.putIfAbsent(name, content("deletion"));
        return isDenied(name);
    }

    private boolean isDenied(ObjectName name) {
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
        return made.stream().filter(this::isDenied).count();
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
