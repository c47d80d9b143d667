package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.CancelledException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.corpus.Bytes;
import org.medbackup.engine.CollectRequest;
import org.medbackup.engine.RetentionRules;
import org.medbackup.resilience.Failure;
import org.medbackup.service.SimulatedSite.Killed;
import org.medbackup.testkit.FaultyStore.Call;
import org.medbackup.testkit.FaultyStore.Fault;
import org.medbackup.testkit.LoopDisk;

/** What is done to a site for each failure of the catalogue that is more than an exception at a call. */
final class Scenarios {

    private static final Map<String, Scenario> ALL = new LinkedHashMap<>();

    private Scenarios() {}

    /** One of them. */
    @FunctionalInterface
    interface Scenario {

        /**
         * Puts the failure in the way of a run, and runs. Returns how the run ended; where the process died, how the one
         * ended that was started after it.
         */
        JobResult play(SimulatedSite site, RandomGenerator random) throws IOException;
    }

    /** The scenario of a failure; null where it is an exception at a call. */
    static @Nullable Scenario of(String failure) {
        return ALL.get(failure);
    }

    /** Those of a catalogue that are simulated: all but the one that no sign fits. */
    static List<Failure> simulated(List<Failure> all) {
        return all.stream()
                .filter(each -> !each.signs().isEmpty() || ALL.containsKey(each.id()))
                .toList();
    }

    /** Decides about calls to one target, by what is called and its name; counts those that it concerns. */
    private static final class Calls implements SimulatedSite.Trouble {

        private final String target;
        private final Set<Call> kinds;
        private final String prefix;
        private final Decision decision;
        private final AtomicInteger seen = new AtomicInteger();

        interface Decision {
            Fault of(int number);
        }

        Calls(String target, Set<Call> kinds, String prefix, Decision decision) {
            this.target = target;
            this.kinds = kinds;
            this.prefix = prefix;
            this.decision = decision;
        }

        @Override
        public Fault call(String at, Call call, String name) {
            boolean concerned = at.equals(target) && kinds.contains(call) && name.startsWith(prefix);
            return concerned ? decision.of(seen.incrementAndGet()) : Fault.NONE;
        }

        boolean wasMet() {
            return seen.get() > 0;
        }
    }

    private static final Set<Call> ANY = Set.of(Call.values());

    private static JobResult met(SimulatedSite site, Calls calls, String job) {
        site.trouble(calls);
        JobResult result = site.run(job);
        assertThat(calls.wasMet()).isTrue();
        return result;
    }

    /** The fault once, at the first such call. */
    private static Scenario once(Call call, String prefix, Fault fault) {
        return (site, random) -> met(
                site,
                new Calls("repository", Set.of(call), prefix, number -> number == 1 ? fault : Fault.NONE),
                "records");
    }

    /** Killed at one of the first calls of a kind, before or after it has its effect. */
    private static Scenario killed(String target, Set<Call> kinds, String prefix, int among, boolean answered) {
        return (site, random) -> {
            int at = 1 + random.nextInt(among);
            site.trouble(new Calls(target, kinds, prefix, number -> {
                if (number >= at) {
                    Killed killed = site.kill();
                    if (answered) {
                        // It has its effect, and nobody hears the answer.
                        return Fault.ANSWER_LOST;
                    }
                    throw killed;
                }
                return Fault.NONE;
            }));
            return afterDeath(site, "records");
        };
    }

    private static JobResult afterDeath(SimulatedSite site, String job) {
        try {
            site.run(job);
        } catch (Killed | RuntimeException | OutOfMemoryError ended) {
            // As it may.
        }
        assertThat(site.isDead()).isTrue();
        site.restart();
        return site.run(job);
    }

    /** Something happens once, in the middle of a run: at a call that sends. */
    private static Scenario meanwhile(Consumer<SimulatedSite> what) {
        return (site, random) -> {
            var done = new AtomicBoolean();
            int at = 1 + random.nextInt(3);
            var calls = new Calls("repository", Set.of(Call.PUT), "", number -> {
                if (number >= at && done.compareAndSet(false, true)) {
                    what.accept(site);
                }
                return Fault.NONE;
            });
            JobResult result = met(site, calls, "records");
            assertThat(done).isTrue();
            return result;
        };
    }

    /** Something is so before a run begins. */
    private interface Preparation {
        void in(SimulatedSite site) throws IOException;
    }

    private static Scenario before(Preparation preparation) {
        return (site, random) -> {
            preparation.in(site);
            return site.run("records");
        };
    }

    /** Something that is done to files again and again, for as long as the run lasts. */
    private interface Meddling {
        void with(SimulatedSite site, int time) throws IOException;
    }

    private static JobResult meddling(SimulatedSite site, Meddling meddling) {
        var times = new AtomicInteger();
        var over = new AtomicBoolean();
        Thread somebody = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                try {
                    meddling.with(site, times.incrementAndGet());
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
                LockSupport.parkNanos(100_000);
            }
        });
        try {
            return site.run("records");
        } finally {
            over.set(true);
            try {
                somebody.join();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
            assertThat(times.get()).isPositive();
        }
    }

    private static void eachCache(SimulatedSite site, Change change) throws IOException {
        try (Stream<Path> files = Files.walk(site.folder.resolve("state/cache"))) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            assertThat(all).isNotEmpty();
            for (Path each : all) {
                change.to(each);
            }
        }
    }

    private interface Change {
        void to(Path file) throws IOException;
    }

    private static void deleteAll(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path each : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }

    private static void shell(SimulatedSite site, String script) {
        int code = Processes.system()
                .run(Command.of(
                                "sh",
                                "-c",
                                "cd \"$1\" && " + script,
                                "sh",
                                site.source().toString())
                        .within(Duration.ofSeconds(30)))
                .exitCode();
        assertThat(code).isZero();
    }

    /** The name of the one data pack of the repository that an earlier run made. */
    private static ObjectName oldPack(SimulatedSite site) {
        return site.repository.names("d/").stream()
                .filter(each -> site.vault.length(each).isPresent())
                .findFirst()
                .orElseThrow();
    }

    private static JobResult whileAway(SimulatedSite site, String job, Duration away, Set<String> targets) {
        var since = new AtomicBoolean();
        long[] begun = new long[1];
        BooleanSupplier isAway = () -> {
            if (since.compareAndSet(false, true)) {
                begun[0] = site.time.nanos();
            }
            return site.time.since(begun[0]).compareTo(away) < 0;
        };
        site.trouble(new SimulatedSite.Trouble() {
            @Override
            public Fault call(String target, Call call, String name) {
                return targets.contains(target) && isAway.getAsBoolean() ? Fault.FAILS : Fault.NONE;
            }
        });
        JobResult result = site.run(job);
        assertThat(since).isTrue();
        return result;
    }

    static {
        calls();
        inPlace();
        nextRun();
        damage();
    }

    private static void calls() {
        ALL.put("answer-of-pack-lost", once(Call.PUT, "d/", Fault.ANSWER_LOST));
        ALL.put("answer-of-commit-lost", once(Call.PUT, "s/", Fault.ANSWER_LOST));
        ALL.put("answer-of-deletion-lost", once(Call.DELETE, "", Fault.ANSWER_LOST));
        ALL.put("listing-cut", once(Call.LIST, "", Fault.CUT));
        ALL.put("reading-cut", once(Call.READ, "d/", Fault.CUT));
        ALL.put(
                "answers-flap",
                (site, random) -> met(
                        site,
                        new Calls("repository", ANY, "", number -> number % 12 == 0 ? Fault.FAILS : Fault.NONE),
                        "records"));
        ALL.put(
                "target-slow",
                (site, random) -> met(
                        site,
                        new Calls("repository", ANY, "", number -> {
                            site.time.advance(Duration.ofSeconds(15));
                            return Fault.NONE;
                        }),
                        "records"));
        ALL.put(
                "target-away-for-an-hour",
                (site, random) -> whileAway(site, "records", Duration.ofHours(1), Set.of("repository")));
        ALL.put(
                "both-targets-away",
                (site, random) -> whileAway(site, "records", Duration.ofMinutes(40), Set.of("repository", "vault")));
    }

    private static void inPlace() {
        ALL.put("file-vanishes", (site, random) -> {
            for (int i = 0; i < 400; i++) {
                site.write("spool/" + i, "message " + i);
            }
            return meddling(
                    site, (where, time) -> Files.deleteIfExists(where.source().resolve("spool/" + (400 - time))));
        });
        ALL.put("folder-vanishes", (site, random) -> {
            for (int i = 0; i < 200; i++) {
                site.write("spool/" + i + "/message", "message " + i);
            }
            return meddling(site, (where, time) -> deleteAll(where.source().resolve("spool/" + (200 - time))));
        });
        ALL.put("file-changes", (site, random) -> {
            Files.write(site.source().resolve("busy.db"), Bytes.random(3, 3 << 20));
            return meddling(site, (where, time) -> {
                try (var open =
                        new RandomAccessFile(where.source().resolve("busy.db").toFile(), "rw")) {
                    open.seek((time * 4096L) % (3 << 20));
                    open.write(Bytes.random(time, 4096));
                }
            });
        });
        ALL.put("file-shrinks", (site, random) -> {
            Files.write(site.source().resolve("busy.log"), Bytes.random(3, 3 << 20));
            return meddling(site, (where, time) -> {
                try (var open =
                        new RandomAccessFile(where.source().resolve("busy.log").toFile(), "rw")) {
                    open.setLength(Math.max(1000, open.length() - 5000));
                }
            });
        });
        ALL.put("file-grows", (site, random) -> {
            Files.write(site.source().resolve("busy.log"), Bytes.random(3, 3 << 20));
            return meddling(
                    site,
                    (where, time) -> Files.write(
                            where.source().resolve("busy.log"),
                            Bytes.random(time, 5000),
                            java.nio.file.StandardOpenOption.APPEND));
        });
        ALL.put("sector-unreadable", (site, random) -> {
            try (LoopDisk disk = LoopDisk.mounted(site.source().resolve("disk"), "ext4", 24)) {
                Files.write(disk.place().resolve("image.raw"), Bytes.random(1, 16 << 20));
                shell(site, "sync && echo 1 > /proc/sys/vm/drop_caches && umount disk && mount -o loop disk.img disk");
                // The end of the disk is gone: what lies there cannot be read any more.
                shell(site, "truncate -s 8M disk.img");
                JobResult result = site.run("records");
                assertThat(result.state()).isEqualTo(JobState.INCOMPLETE);
                return result;
            }
        });
        ALL.put("name-not-text", before(site -> shell(site, "printf x > \"$(printf 'bad\\377name')\"")));
        ALL.put("fifo-in-the-way", before(site -> shell(site, "mkfifo pipe")));
        ALL.put("link-into-itself", before(site -> shell(site, "ln -s . loop && ln -s ../source again")));
        ALL.put(
                "file-of-the-future",
                before(site -> Files.setLastModifiedTime(
                        site.source().resolve("note.txt"),
                        FileTime.from(site.time.now().plus(Duration.ofDays(4000))))));
        ALL.put("time-of-file-set-back", before(site -> {
            Path file = site.source().resolve("note.txt");
            FileTime time = Files.getLastModifiedTime(file);
            site.write("note.txt", "CHANGED");
            Files.setLastModifiedTime(file, time);
            assertThat(site.run("records").state()).isEqualTo(JobState.SUCCEEDED);
            site.write("note.txt", "changed");
            Files.setLastModifiedTime(file, time);
        }));
        ALL.put("clock-set-forward", meanwhile(site -> site.time.set(Duration.ofDays(3))));
        ALL.put("clock-set-back", meanwhile(site -> site.time.set(Duration.ofDays(-3))));
        ALL.put("suspended", meanwhile(site -> site.time.advance(Duration.ofHours(6))));
        ALL.put("memory-of-runs-lost", before(site -> deleteAll(site.folder.resolve("state/cache"))));
        ALL.put("memory-of-runs-damaged", before(site -> {
            assertThat(site.run("records").state()).isEqualTo(JobState.SUCCEEDED);
            site.write("note.txt", "changed");
            eachCache(site, file -> {
                try (var open = new RandomAccessFile(file.toFile(), "rw")) {
                    long middle = open.length() / 2;
                    open.seek(middle);
                    int was = open.read();
                    open.seek(middle);
                    open.write(was ^ 0x55);
                }
            });
        }));
        ALL.put("memory-of-runs-old", before(site -> {
            assertThat(site.run("records").state()).isEqualTo(JobState.SUCCEEDED);
            Map<Path, byte[]> old = new LinkedHashMap<>();
            eachCache(site, file -> old.put(file, Files.readAllBytes(file)));
            site.write("later.txt", "later");
            assertThat(site.run("records").state()).isEqualTo(JobState.SUCCEEDED);
            Files.delete(site.source().resolve("later.txt"));
            deleteAll(site.folder.resolve("state/cache"));
            for (Map.Entry<Path, byte[]> each : old.entrySet()) {
                Files.createDirectories(each.getKey().getParent());
                Files.write(each.getKey(), each.getValue());
            }
        }));
        ALL.put(
                "other-writer-commits",
                meanwhile(site -> elsewhere(
                        site,
                        other -> assertThat(other.jobs()
                                        .run(site.access(""), List.of("clinic"))
                                        .getFirst()
                                        .state())
                                .isEqualTo(JobState.SUCCEEDED))));
        ALL.put(
                "collection-meanwhile",
                meanwhile(site -> elsewhere(
                        site,
                        other -> assertThat(other.collect(site.access(""), CollectRequest.usual())
                                        .isWhole())
                                .isTrue())));
        ALL.put("predecessor-forgotten", (site, random) -> {
            assertThat(site.run("records").state()).isEqualTo(JobState.SUCCEEDED);
            site.write("note.txt", "changed");
            String last = site.snapshots("").getLast();
            // It is on record that it was given up, and not lost.
            site.givenUp(last);
            return meanwhile(where -> elsewhere(where, other -> {
                        where.time.advance(Duration.ofMinutes(1));
                        other.jobs().run(where.access(""), List.of("records"));
                        assertThat(other.forget(where.access(""), RetentionRules.NONE, List.of(last), false)
                                        .removed())
                                .containsExactly(last);
                    }))
                    .play(site, random);
        });
        ALL.put(
                "same-run-twice",
                meanwhile(site -> elsewhere(
                        site,
                        other -> assertThat(other.jobs()
                                        .run(site.access(""), List.of("records"))
                                        .getFirst()
                                        .state())
                                .isEqualTo(JobState.SUCCEEDED))));
        ALL.put("lock-of-the-dead", before(site -> {
            Path door =
                    Files.createDirectories(site.folder.resolve("state/run")).resolve("4194305.sock");
            try (var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                channel.bind(UnixDomainSocketAddress.of(door));
            }
            assertThat(door).exists();
        }));
    }

    /** Another machine does something on the same targets. */
    private static void elsewhere(SimulatedSite site, Consumer<MedBackup> work) {
        site.calm();
        try (MedBackup other = site.opened("other-state")) {
            work.accept(other);
        }
    }

    private static void nextRun() {
        ALL.put("killed-at-beginning", killed("repository", Set.of(Call.READ, Call.LIST, Call.LENGTH), "", 6, false));
        ALL.put("killed-while-sending", killed("repository", Set.of(Call.PUT), "d/", 1, false));
        ALL.put("killed-while-indexing", killed("repository", Set.of(Call.PUT), "i/", 1, true));
        ALL.put("killed-before-commit", killed("repository", Set.of(Call.PUT), "s/", 1, false));
        ALL.put("killed-after-commit", killed("repository", Set.of(Call.PUT), "s/", 1, true));
        ALL.put("killed-while-verifying", killed("repository", Set.of(Call.PUT), "v/", 1, false));
        ALL.put("killed-while-copying", killed("vault", Set.of(Call.PUT), "", 8, false));
        ALL.put("killed-while-forgetting", (site, random) -> {
            // Until there is something to give up.
            site.givenUp(site.snapshots("").toArray(String[]::new));
            for (int i = 0; i < 4; i++) {
                site.time.advance(Duration.ofMinutes(1));
                assertThat(site.run("records").state()).isEqualTo(JobState.SUCCEEDED);
            }
            site.time.advance(Duration.ofMinutes(1));
            JobResult next = killed("repository", Set.of(Call.PUT), "w/", 1, random.nextBoolean())
                    .play(site, random);
            // Five of this job, and the one of the other.
            assertThat(site.snapshots("")).hasSize(6);
            return next;
        });
        ALL.put("killed-in-the-application", (site, random) -> {
            String phase = List.of("prepare", "mark", "copy", "verify").get(random.nextInt(4));
            site.trouble(new SimulatedSite.Trouble() {
                @Override
                public void phase(String now) {
                    if (now.equals(phase)) {
                        throw site.kill();
                    }
                }
            });
            return afterDeath(site, "clinic");
        });
        ALL.put("memory-exhausted", (site, random) -> {
            site.trouble(new Calls("repository", Set.of(Call.PUT), "d/", number -> {
                site.kill();
                throw new OutOfMemoryError("simulated");
            }));
            return afterDeath(site, "records");
        });
        ALL.put("stopped-by-the-system", (site, random) -> {
            int at = 1 + random.nextInt(20);
            site.trouble(new Calls("repository", ANY, "", number -> {
                if (number >= at) {
                    throw ErrorCode.CANCELLED.because("the system is shut down");
                }
                return Fault.NONE;
            }));
            try {
                throw new AssertionError("it went on: " + site.run("records").state());
            } catch (CancelledException ended) {
                site.restart();
                return site.run("records");
            }
        });
        ALL.put("power-cut", (site, random) -> {
            int at = 5 + random.nextInt(20);
            site.trouble(new Calls("repository", ANY, "", number -> {
                if (number >= at) {
                    throw site.kill();
                }
                return Fault.NONE;
            }));
            try {
                site.run("records");
            } catch (Killed | RuntimeException ended) {
                // As it may.
            }
            assertThat(site.isDead()).isTrue();
            // Of what was not made durable the names are there and the content is not.
            eachCache(site, file -> {
                try (var open = new RandomAccessFile(file.toFile(), "rw")) {
                    open.setLength(random.nextBoolean() ? 0 : open.length() / 2);
                }
            });
            site.restart();
            return site.run("records");
        });
        ALL.put(
                "copy-target-away",
                (site, random) -> met(site, new Calls("vault", ANY, "", number -> Fault.FAILS), "records"));
        ALL.put(
                "copy-target-full",
                (site, random) -> met(site, new Calls("vault", Set.of(Call.PUT), "", number -> Fault.FULL), "records"));
        ALL.put(
                "copy-target-denies",
                (site, random) -> met(
                        site,
                        new Calls("vault", ANY, "", number -> {
                            throw ErrorCode.STORE_DENIED.because("simulated");
                        }),
                        "records"));
    }

    private static void damage() {
        ALL.put("target-full-of-garbage", (site, random) -> {
            assertThat(site.run("records").state()).isEqualTo(JobState.SUCCEEDED);
            site.time.advance(Duration.ofHours(1));
            Files.write(site.source().resolve("old.raw"), Bytes.random(5, 2 << 20));
            String fat = site.run("records").snapshots().getFirst();
            Files.delete(site.source().resolve("old.raw"));
            site.time.advance(Duration.ofHours(1));
            assertThat(site.run("records").state()).isEqualTo(JobState.SUCCEEDED);
            elsewhere(site, other -> other.forget(site.access(""), RetentionRules.NONE, List.of(fat), false));
            site.time.advance(Duration.ofDays(3));
            site.write("later.txt", "later");
            var freed = new AtomicBoolean();
            site.trouble(new SimulatedSite.Trouble() {
                @Override
                public Fault call(String target, Call call, String name) {
                    boolean ofData = target.equals("repository") && name.startsWith("d/");
                    freed.compareAndSet(false, ofData && call == Call.DELETE);
                    return ofData && call == Call.PUT && !freed.get() ? Fault.FULL : Fault.NONE;
                }
            });
            return site.run("records");
        });
        ALL.put("state-full", (site, random) -> {
            try (LoopDisk disk = LoopDisk.mounted(site.folder.resolve("state-disk"), "ext4", 24)) {
                site.moveState(disk.place());
                Path remembered = Files.createDirectories(disk.place().resolve("cache"));
                Files.write(remembered.resolve("old"), new byte[4 << 20]);
                shell(
                        site,
                        "for i in 1 2 3; do dd if=/dev/zero bs=512 2>/dev/null >>../state-disk/somebodys; sync; done; true");
                assertThat(disk.place().toFile().getUsableSpace()).isLessThan(4096);
                JobResult result = site.run("records");
                assertThat(remembered.resolve("old")).doesNotExist();
                shell(site, "rm ../state-disk/somebodys");
                site.moveState(site.folder.resolve("state-kept"));
                return result;
            }
        });
        ALL.put("object-damaged", before(site -> site.repository.flip(oldPack(site), 300)));
        ALL.put("object-missing", before(site -> site.repository.delete(oldPack(site))));
    }
}
