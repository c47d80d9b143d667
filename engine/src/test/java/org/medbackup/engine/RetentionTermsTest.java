package org.medbackup.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.core.spi.app.CopySink;
import org.medbackup.core.spi.place.FileFacts;
import org.medbackup.core.spi.place.Placement;
import org.medbackup.core.spi.place.PlacementPolicy;
import org.medbackup.core.spi.place.RetentionTerms;
import org.medbackup.core.spi.place.RetentionTerms.Term;
import org.medbackup.core.spi.place.RetentionTerms.Thinned;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.internal.pack.PackKind;
import org.medbackup.testkit.ManualTime;
import org.medbackup.testkit.MemoryStore;

/** A restore point is kept as long as any class demands it of which it holds data, whatever the rules of a call say. */
class RetentionTermsTest {

    private static final RetentionRules NEWEST = new RetentionRules(1, 0, 0, 0, 0, Duration.ZERO);
    private static final Map<String, Term> TERMS = Map.of(
            "chart", new Term(Period.ofYears(10), Thinned.NOT),
            "log", new Term(Period.ofDays(35), Thinned.NOT),
            "telemetry", new Term(Period.ofYears(2), new Thinned(0, 0, 3, 0)));

    @TempDir
    Path temp;

    private final ManualTime time = new ManualTime(Instant.parse("2026-01-01T10:00:00Z"));
    private final MemoryStore store = new MemoryStore();
    private EngineContext context;
    private Path source;

    /** The extension of a file is its class. */
    private static final class ByExtension implements PlacementPolicy {

        @Override
        public Placement place(FileFacts file, Supplier<ByteBuffer> head) {
            String path = file.path().toString();
            String kept = path.substring(path.lastIndexOf('.') + 1);
            return kept.equals("none") ? Placement.DEFAULT : new Placement("default", "vault", kept, 0);
        }

        @Override
        public String digest() {
            return "ef".repeat(32);
        }
    }

    @BeforeEach
    void create() throws IOException {
        RetentionTerms terms = name -> Optional.ofNullable(TERMS.get(name));
        context = Sandbox.at(Sandbox.context(temp.resolve("state")), time).with(terms);
        Repository.create(store, context, Sandbox.password(), 10);
        source = Files.createDirectory(temp.resolve("source"));
    }

    private Repository open() {
        return Repository.open(store, context, new Credential.Password(Sandbox.password()), Sandbox.SILENT);
    }

    /** A day later, with one new file of each of these classes and no other file. */
    private String backup(String... kinds) throws IOException {
        time.advance(Duration.ofDays(1));
        try (Stream<Path> old = Files.list(source)) {
            for (Path each : old.toList()) {
                Files.delete(each);
            }
        }
        for (String kind : kinds) {
            Files.writeString(source.resolve("file." + kind), kind + time.now());
        }
        try (Repository repository = open()) {
            return repository
                    .backup(
                            BackupRequest.of("test", List.of(Sandbox.path(source)))
                                    .placedBy(new ByExtension()),
                            Sandbox.SILENT)
                    .snapshot();
        }
    }

    private ForgetResult forget() {
        try (Repository repository = open()) {
            return repository.forget(NEWEST, false, Sandbox.SILENT);
        }
    }

    private String reason(ForgetResult result, String id) {
        return result.refused().stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow()
                .reason();
    }

    @Test
    void theLongestClassOfWhatItHoldsKeepsARestorePoint() throws IOException {
        String chart = backup("chart", "log");
        String log = backup("log");
        String plain = backup("none");
        backup("none");

        ForgetResult first = forget();
        time.advance(Duration.ofDays(36));
        backup("none");
        ForgetResult second = forget();
        time.advance(Duration.ofDays(366 * 10));
        backup("none");
        ForgetResult third = forget();

        assertThat(first.removed()).containsExactly(plain);
        assertThat(reason(first, chart)).contains("chart").contains("until 2036-01-02");
        assertThat(reason(first, log)).contains("log");
        assertThat(second.removed()).contains(log).doesNotContain(chart);
        assertThat(third.removed()).contains(chart);
    }

    @Test
    void aFileThatDidNotChangeIsStillHeldByLaterRestorePoints() throws IOException {
        Files.writeString(source.resolve("kept.chart"), "chart");
        backup("none");
        Files.writeString(source.resolve("kept.chart"), "chart");
        time.advance(Duration.ofDays(1));
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            try (Repository repository = open()) {
                ids.add(repository
                        .backup(
                                BackupRequest.of("test", List.of(Sandbox.path(source)))
                                        .placedBy(new ByExtension()),
                                Sandbox.SILENT)
                        .snapshot());
            }
            time.advance(Duration.ofDays(1));
        }

        assertThat(forget().refused()).extracting(ForgetResult.Refused::id).contains(ids.get(0), ids.get(1));
    }

    @Test
    void aThinnedClassKeepsTheNewestOfItsPeriods() throws IOException {
        List<String> ids = new ArrayList<>();
        for (int month = 0; month < 5; month++) {
            ids.add(backup("telemetry"));
            ids.add(backup("telemetry"));
            time.advance(Duration.ofDays(29));
        }

        ForgetResult result = forget();

        // The last of the five months is the newest of all, and kept by the rule.
        assertThat(result.refused())
                .extracting(ForgetResult.Refused::id)
                .containsExactlyInAnyOrder(ids.get(5), ids.get(7));
        assertThat(reason(result, ids.get(5))).contains("newest of a period");
        assertThat(result.removed())
                .containsExactlyInAnyOrder(
                        ids.get(0), ids.get(1), ids.get(2), ids.get(3), ids.get(4), ids.get(6), ids.get(8));
    }

    @Test
    void aClassThatThePolicyDoesNotKnowIsNeverGivenUp() throws IOException {
        String old = backup("imaging");
        backup("none");
        time.advance(Duration.ofDays(366 * 50));
        backup("none");

        assertThat(reason(forget(), old)).contains("imaging").contains("does not know");
    }

    @Test
    void namingARestorePointDoesNotHelp() throws IOException {
        String chart = backup("chart");
        backup("none");
        try (Repository repository = open()) {
            ForgetResult result = repository.forget(Set.of(chart), false, Sandbox.SILENT);

            assertThat(reason(result, chart)).contains("chart");
            assertThat(repository.forget(Set.of(chart), true, Sandbox.SILENT)).isEqualTo(result);
        }
    }

    @Test
    void aClockThatRunsAheadGivesNothingUp() throws IOException {
        String chart = backup("chart");
        backup("none");
        time.advance(Duration.ofDays(366 * 20));

        assertThat(catchThrowableOfType(BackupException.class, this::forget).code())
                .isEqualTo(ErrorCode.CLOCK_NOT_BELIEVED);
        backup("none");
        assertThat(forget().removed()).contains(chart);
    }

    @Test
    void whatCannotBeReadIsKeptUnlessItIsNamed() throws IOException {
        String chart = backup("chart");
        backup("none");
        store.names(PackKind.REFERENCES.prefix()).forEach(store::delete);

        assertThat(reason(forget(), chart)).contains("cannot be read");
        try (Repository repository = open()) {
            assertThat(repository.forget(Set.of(chart), false, Sandbox.SILENT).removed())
                    .containsExactly(chart);
        }
    }

    @Test
    void aMemoryOfThisMachineThatSomebodyChangedIsNotBelieved() throws IOException {
        String chart = backup("chart");
        backup("none");
        forget();
        Path remembered;
        try (Stream<Path> files = Files.walk(temp.resolve("state"))) {
            remembered = files.filter(each -> each.getFileName().toString().equals(chart))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(remembered);
        bytes[0] = 0;
        Files.write(remembered, bytes);

        assertThat(forget().refused()).extracting(ForgetResult.Refused::id).contains(chart);
    }

    @Test
    void aClassOfWhichNobodyCanTellWhatItIsKeeps() throws IOException {
        String log = backup("log");
        backup("none");
        time.advance(Duration.ofDays(100));
        backup("none");
        for (ObjectName name : store.names("p/")) {
            byte[] broken = store.readAll(name);
            broken[broken.length / 2] ^= 1;
            store.overwrite(name, broken);
        }

        assertThat(reason(forget(), log)).contains("cannot be read");
    }

    /** What belongs to the product on a host, of a class that the policy does not know. */
    private String site() {
        time.advance(Duration.ofDays(1));
        try (Repository repository = open();
                AssembledBackup backup =
                        repository.assemble(BackupRequest.of("site:host", List.of()), Sandbox.SILENT)) {
            backup.stream(
                    PathBytes.of("/site/site.json"),
                    new ByteArrayInputStream(time.now().toString().getBytes(StandardCharsets.UTF_8)),
                    new CopySink.StreamAttributes(0, 0, 0600, time.now()),
                    CopySink.Cut.CONTENT);
            return backup.commit(ConsistencyLevel.FILE_LEVEL, new TreeMap<>(Map.of(Snapshot.SITE, "1")))
                    .snapshot();
        }
    }

    @Test
    void theSiteItselfIsUnderNoClassAndIsNotTheLatest() throws IOException {
        String data = backup("chart");
        String first = site();
        String second = site();

        try (Repository repository = open()) {
            assertThat(repository.find("latest", Sandbox.SILENT).id()).isEqualTo(data);
            assertThat(repository.find("latest@site:host", Sandbox.SILENT).id()).isEqualTo(second);
            assertThat(repository.find(second, Sandbox.SILENT).isOfSite()).isTrue();
            assertThat(repository.find(data, Sandbox.SILENT).isOfSite()).isFalse();
        }
        ForgetResult result = forget();

        assertThat(result.removed()).containsExactly(first);
        assertThat(result.kept()).containsExactlyInAnyOrder(data, second);
        assertThat(result.and(result).removed()).containsExactly(first, first);
    }
}
