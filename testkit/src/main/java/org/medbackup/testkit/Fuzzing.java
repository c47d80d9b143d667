package org.medbackup.testkit;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Processes;

/**
 * Feeds a decoder with bytes that nobody wrote: those of a saved corpus, or those that Jazzer finds by watching which
 * parts of the code they reach. A decoder reads its input or refuses it by an exception that it documents, within five
 * seconds of the processor and 64 MiB. Safe for use by several threads.
 */
public final class Fuzzing {

    private static final long MOST_BYTES = 64L << 20;
    private static final long MOST_NANOS = 5_000_000_000L;

    private Fuzzing() {}

    /** Reads bytes. */
    @FunctionalInterface
    public interface Decoder {

        /** Reads them, or throws what says that they are not to be read. */
        void decode(byte[] input) throws Exception;
    }

    /**
     * A decoder under test.
     *
     * @param name of it, also of the folder of its corpus
     * @param decoder itself
     * @param refuses whether an exception is one by which it may refuse
     * @param seeds what it reads
     */
    public record Target(String name, Decoder decoder, Predicate<Throwable> refuses, List<byte[]> seeds) {

        public Target {
            seeds = List.copyOf(seeds);
        }
    }

    /** Names the decoders of a module; made by its constructor without parameters in the process of Jazzer too. */
    public interface Targets {

        /** All of them. */
        List<Target> all();
    }

    /**
     * Feeds a decoder once.
     *
     * @return whether it read the input
     * @throws AssertionError where it fails otherwise than by refusing, or takes too long or too much memory
     */
    public static boolean feed(Target target, byte[] input) {
        Fed first = once(target, input.clone());
        // The first time classes are loaded too; only what it takes again is the input's.
        Fed fed = first.isTooMuch() ? once(target, input.clone()) : first;
        if (fed.isTooMuch()) {
            throw new AssertionError(target.name + " took " + fed.allocated + " bytes and " + fed.nanos / 1_000_000
                    + " ms for " + input.length + " bytes");
        }
        return fed.read;
    }

    private record Fed(boolean read, long allocated, long nanos) {

        boolean isTooMuch() {
            return allocated > MOST_BYTES || nanos > MOST_NANOS;
        }
    }

    private static Fed once(Target target, byte[] input) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = threads.getCurrentThreadAllocatedBytes();
        long started = threads.getCurrentThreadCpuTime();
        boolean read = true;
        try {
            target.decoder.decode(input);
        } catch (Exception | StackOverflowError | OutOfMemoryError thrown) {
            if (!target.refuses.test(thrown)) {
                throw new AssertionError(target.name + " fails instead of refusing", thrown);
            }
            read = false;
        }
        return new Fed(
                read, threads.getCurrentThreadAllocatedBytes() - bytes, threads.getCurrentThreadCpuTime() - started);
    }

    /**
     * What Jazzer did.
     *
     * @param inputs how many it tried
     * @param edges of the code that they reached
     * @param seed that Jazzer drew
     * @param found what a decoder did not bear, as Jazzer says it; empty where there was nothing
     */
    public record Campaign(long inputs, long edges, long seed, String found) {

        /** What is kept of a campaign of so many seconds as evidence. */
        public Map<String, Long> counts(int hunted) {
            return Map.of(
                    "inputs",
                    inputs,
                    "edges",
                    edges,
                    "seed",
                    seed,
                    "secondsOfHunting",
                    (long) hunted,
                    "findings",
                    found.isEmpty() ? 0L : 1L);
        }
    }

    /** Those that the system property {@code fuzz.only} names, separated by commas; all without it. */
    public static List<Target> chosen(List<Target> all) {
        Set<String> names = Set.of(System.getProperty("fuzz.only", "").split(","));
        return all.stream()
                .filter(each -> names.contains("") || names.contains(each.name()))
                .toList();
    }

    /** What Jazzer says of an input that was not borne. */
    private static final Pattern BROKEN = Pattern.compile(
            "== Java Exception|== libFuzzer crashing input|ERROR: libFuzzer|java.lang.OutOfMemoryError");

    /** Seconds that the start of the process may take beside the hunt. */
    private static final int GRACE = 240;

    /**
     * Lets Jazzer look for inputs in a process of its own, for some seconds.
     *
     * @param targets class that names the decoders, with a public constructor without parameters
     * @param target the one to feed
     * @param corpus folder of inputs to begin with
     * @param work empty folder for what it finds
     */
    public static Campaign hunt(Class<? extends Targets> targets, Target target, Path corpus, Path work, int seconds)
            throws IOException {
        Path grown = Files.createDirectories(work.resolve("corpus"));
        int number = 0;
        for (byte[] seed : target.seeds) {
            Files.write(grown.resolve("seed-" + number++), seed);
        }
        Path log = work.resolve("log");
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                // Little is compiled in a short hunt, and the best compiler costs more than it gives.
                seconds < 10 ? "-XX:TieredStopAtLevel=1" : "-XX:+TieredCompilation",
                "--enable-native-access=ALL-UNNAMED",
                "-Dfuzz.targets=" + targets.getName(),
                "-Dfuzz.target=" + target.name,
                "-cp",
                classPath(),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + Entry.class.getName(),
                "--instrumentation_includes=org.medbackup.**",
                "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.**",
                "-max_total_time=" + seconds,
                "-max_len=65536",
                "-timeout=20",
                "-rss_limit_mb=0",
                "-print_final_stats=1",
                grown.toString()));
        if (Files.isDirectory(corpus)) {
            command.add(corpus.toString());
        }
        // Nothing is inherited; the agent that measures coverage belongs to this process. The kernel ends it with us.
        Command fuzzer = Command.of(command)
                .in(work)
                .prefixed(List.of("setpriv", "--pdeathsig", "KILL"))
                .writingTo(log);
        boolean ended;
        try (Processes.Running running = Processes.system().start(fuzzer)) {
            ended = running.await(Duration.ofSeconds(seconds + GRACE));
        }
        String said = Files.readString(log, java.nio.charset.StandardCharsets.ISO_8859_1);
        boolean broke = !ended || BROKEN.matcher(said).find();
        return campaign(said, broke ? 1 : 0);
    }

    static Campaign campaign(String said, int code) {
        long inputs = last(said, "number_of_executed_units: +(\\d+)");
        return new Campaign(
                inputs,
                last(said, "cov: (\\d+)"),
                last(said, "INFO: Seed: (\\d+)"),
                code == 0 && inputs > 0 ? "" : "ended with " + code + "\n" + said);
    }

    private static long last(String text, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(text);
        long value = 0;
        while (found.find()) {
            value = Long.parseLong(found.group(1));
        }
        return value;
    }

    /** All that this process has, whether on its module path or not, and what is being tested. */
    private static String classPath() {
        Set<String> all = new LinkedHashSet<>();
        for (String property : List.of("surefire.real.class.path", "jdk.module.path", "java.class.path")) {
            all.addAll(List.of(System.getProperty(property, "").split(":")));
        }
        all.add("target/test-classes");
        all.add("target/classes");
        all.remove("");
        return String.join(":", all);
    }

    /** What Jazzer calls. */
    public static final class Entry {

        private static volatile Target target = new Target("", input -> {}, thrown -> true, List.of());

        private Entry() {}

        /** Finds the decoder that the system properties name. */
        public static void fuzzerInitialize() throws ReflectiveOperationException {
            target = find(System.getProperty("fuzz.targets", ""), System.getProperty("fuzz.target", ""));
        }

        static Target find(String targets, String name) throws ReflectiveOperationException {
            Targets made = Class.forName(targets)
                    .asSubclass(Targets.class)
                    .getConstructor()
                    .newInstance();
            return made.all().stream()
                    .filter(each -> each.name.equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no decoder " + name));
        }

        /** Feeds it. */
        public static void fuzzerTestOneInput(byte[] input) {
            feed(target, input);
        }
    }
}
