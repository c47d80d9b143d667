package org.medbackup.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.core.spi.access.Guard;
import org.medbackup.core.spi.place.FileFacts;
import org.medbackup.core.spi.place.LockGeneration;
import org.medbackup.core.spi.place.Placement;
import org.medbackup.core.spi.place.PlacementPolicy;
import org.medbackup.core.spi.place.RetentionTerms;
import org.medbackup.core.spi.place.RetentionTerms.Term;
import org.medbackup.core.spi.place.RetentionTerms.Thinned;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.corpus.Seeds;
import org.medbackup.engine.internal.commit.Slots;
import org.medbackup.testkit.ManualTime;
import org.medbackup.testkit.MemoryStore;
import org.medbackup.testkit.SeededEntropy;

/**
 * Ten simulated years of backups, holds, locks, forgetting and collecting in any order: nothing goes that a class, a hold or a
 * lock protects, everything that is left can be restored, and what nothing protects any more goes.
 */
class TenYearsTest {

    private static final Map<String, Term> TERMS = Map.of(
            "chart", new Term(Period.ofYears(7), Thinned.NOT),
            "log", new Term(Period.ofDays(35), Thinned.NOT),
            "telemetry", new Term(Period.ofYears(2), new Thinned(0, 0, 6, 0)));
    private static final RetentionRules NEWEST = new RetentionRules(1, 0, 0, 0, 0, Duration.ZERO);
    private static final Duration LOCK = Duration.ofDays(90);
    private static final Duration YEARS = Duration.ofDays(3653);

    @TempDir
    Path temp;

    private final ManualTime time = new ManualTime(Instant.parse("2026-01-01T10:00:00Z"));
    private final MemoryStore store = MemoryStore.locking(time);
    private final Map<String, Point> points = new HashMap<>();
    private final Map<String, LegalHold> holds = new HashMap<>();

    @SuppressWarnings("NullAway.Init") // Opened at the beginning of the test, with its seed.
    private Repository repository;

    static LongStream seeds() {
        return Seeds.of(1);
    }

    /** What the test knows of a restore point by itself. */
    private record Point(String id, Instant time, String source, Set<String> classes, Map<String, String> files) {}

    /** The extension of a file is its class; charts are locked. */
    private final class ByExtension implements PlacementPolicy {

        @Override
        public Placement place(FileFacts file, Supplier<ByteBuffer> head) {
            String path = file.path().toString();
            String kept = path.substring(path.lastIndexOf('.') + 1);
            return new Placement("default", "vault", kept, lockGeneration(kept));
        }

        @Override
        public int lockGeneration() {
            return lockGeneration("chart");
        }

        @Override
        public int lockGeneration(String retentionClass) {
            return retentionClass.equals("chart")
                    ? LockGeneration.lasting(time.now().plus(LOCK))
                    : 0;
        }

        @Override
        public String digest() {
            return "ef".repeat(32);
        }
    }

    private Point point(String id) {
        return Objects.requireNonNull(points.get(id));
    }

    private static Term term(String name) {
        return Objects.requireNonNull(TERMS.get(name));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void nothingThatIsProtectedGoesAndWhatIsNotDoes(long seed) throws IOException {
        var random = SeededRandom.of(seed, 0);
        RetentionTerms terms = name -> Optional.ofNullable(TERMS.get(name));
        EngineContext usual = Sandbox.context(temp.resolve("state"));
        EngineContext context = new EngineContext(
                time,
                new SeededEntropy(seed),
                usual.throttle(),
                usual.stateFolder(),
                usual.hostKey(),
                usual.host(),
                usual.sizing(),
                terms,
                Guard.none());
        Repository.create(store, context, Sandbox.password(), 10);
        repository = Repository.open(store, context, new Credential.Password(Sandbox.password()), Sandbox.SILENT);
        Instant end = time.now().plus(YEARS);
        int gone = 0;
        while (time.now().isBefore(end)) {
            time.advance(Duration.ofDays(10 + random.below(30)));
            backup(random);
            switch (random.below(6)) {
                case 0 -> place(random);
                case 1 -> release(random);
                case 2 -> collect();
                default -> gone += forget(random);
            }
        }
        everythingThatIsLeftComesBack();

        // Whoever held something lets go, and all terms and locks end.
        while (!holds.isEmpty()) {
            release(random);
        }
        time.advance(YEARS);
        points.keySet().removeIf(id -> !ids().contains(id));
        backup(random);
        backup(random);
        repository.forget(NEWEST, false, Sandbox.SILENT);

        assertThat(gone).as("what was given up on the way").isGreaterThan(20);
        assertThat(ids())
                .as("one of each source, and the newest that was proven")
                .hasSizeLessThanOrEqualTo(4);
    }

    private Set<String> ids() {
        return repository.snapshotsBeyond(points.keySet(), Sandbox.SILENT).ids();
    }

    private void backup(SeededRandom random) throws IOException {
        String name = random.below(2) == 0 ? "ward" : "office";
        Path folder = Files.createDirectories(temp.resolve(name));
        for (String kind : List.of("chart", "log", "telemetry")) {
            Path file = folder.resolve("file." + kind);
            switch (random.below(3)) {
                case 0 -> Files.deleteIfExists(file);
                case 1 -> Files.writeString(file, kind + random.below(1_000_000));
                default -> {}
            }
        }
        Map<String, String> files = new HashMap<>();
        for (String kind : List.of("chart", "log", "telemetry")) {
            Path file = folder.resolve("file." + kind);
            if (Files.exists(file)) {
                files.put(kind, Files.readString(file));
            }
        }
        String id = repository
                .backup(
                        BackupRequest.of(name, List.of(Sandbox.path(folder))).placedBy(new ByExtension()),
                        Sandbox.SILENT)
                .snapshot();
        Instant made = repository.snapshot(id, Sandbox.SILENT).orElseThrow().time();
        points.put(id, new Point(id, made, name, Set.copyOf(files.keySet()), files));
    }

    private void place(SeededRandom random) {
        List<String> all = points.keySet().stream().sorted().toList();
        String one = all.get(random.below(all.size()));
        LegalHold.Selector selector = random.below(2) == 0
                ? LegalHold.Selector.of(Set.of(one))
                : new LegalHold.Selector(
                        Set.of(),
                        point(one).source(),
                        "",
                        List.of(),
                        Optional.of(point(one).time()),
                        Optional.of(point(one).time().plus(Duration.ofDays(100))));
        LegalHold hold = repository.holds().place("matter", "counsel", selector, new ByExtension());
        holds.put(hold.id(), hold);
    }

    private void release(SeededRandom random) {
        List<String> all = holds.keySet().stream().sorted().toList();
        if (!all.isEmpty()) {
            String id = all.get(random.below(all.size()));
            repository.holds().release(id, "settled", "counsel", new ByExtension());
            holds.remove(id);
        }
    }

    private void collect() {
        assertThat(repository.collect(CollectRequest.usual(), Sandbox.SILENT).damaged())
                .isEmpty();
    }

    /** Gives up by rules that keep next to nothing, or by name, and looks whether it was right. */
    private int forget(SeededRandom random) {
        Set<String> before = ids();
        Set<String> must = protectedOf(before);
        ForgetResult result;
        Set<String> some =
                before.stream().sorted().filter(id -> random.below(3) == 0).collect(Collectors.toSet());
        result = random.below(4) == 0
                ? repository.forget(some, false, Sandbox.SILENT)
                : repository.forget(NEWEST, false, Sandbox.SILENT);
        Set<String> after = ids();
        assertThat(after).as("at %s", time.now()).containsAll(must);
        assertThat(before).containsAll(after);
        assertThat(result.removed()).doesNotContainAnyElementsOf(after);
        return result.removed().size();
    }

    private Set<String> protectedOf(Set<String> there) {
        List<Point> all = there.stream().map(this::point).toList();
        Set<String> must = new HashSet<>();
        for (Point each : all) {
            boolean held = holds.values().stream().anyMatch(hold -> covers(hold.selector(), each));
            boolean kept = each.classes().stream()
                    .anyMatch(name -> !name.equals("telemetry")
                            && time.now().isBefore(term(name).end(each.time())));
            boolean locked = store.keeping(Slots.slot(each.id())).until().isAfter(time.now());
            if (held || kept || locked) {
                must.add(each.id());
            }
        }
        for (String source : List.of("ward", "office")) {
            must.addAll(newestOfSixMonths(all.stream()
                    .filter(each -> each.source().equals(source)
                            && each.classes().contains("telemetry")
                            && time.now().isBefore(term("telemetry").end(each.time())))
                    .toList()));
        }
        return must;
    }

    private static boolean covers(LegalHold.Selector selector, Point point) {
        return selector.snapshots().contains(point.id())
                || selector.source().equals(point.source())
                        && !point.time().isBefore(selector.from().orElseThrow())
                        && point.time().isBefore(selector.until().orElseThrow());
    }

    private static List<String> newestOfSixMonths(List<Point> group) {
        Map<YearMonth, Point> newest = new HashMap<>();
        for (Point each : group) {
            newest.merge(
                    YearMonth.from(LocalDate.ofInstant(each.time(), ZoneOffset.UTC)),
                    each,
                    (one, other) -> one.time().isAfter(other.time()) ? one : other);
        }
        return newest.keySet().stream()
                .sorted(Comparator.reverseOrder())
                .limit(6)
                .map(month -> Objects.requireNonNull(newest.get(month)).id())
                .toList();
    }

    private void everythingThatIsLeftComesBack() throws IOException {
        var verified = new ArrayList<String>();
        repository.collect(CollectRequest.usual(), Sandbox.SILENT);
        VerifyResult result = repository.verify(VerifyLevel.CONTENT, 1, Set.of(), Sandbox.SILENT);
        assertThat(result.damaged()).isEmpty();
        verified.addAll(result.snapshots());
        for (String id : verified) {
            Point point = point(id);
            Path target = temp.resolve("out").resolve(id);
            repository.restore(RestoreRequest.of(id, target), Sandbox.SILENT);
            Path folder = target.resolve(temp.resolve(point.source()).toString().substring(1));
            for (Map.Entry<String, String> file : point.files().entrySet()) {
                assertThat(folder.resolve("file." + file.getKey())).hasContent(file.getValue());
            }
        }
        assertThat(verified).containsExactlyInAnyOrderElementsOf(ids());
    }
}
