package org.medbackup.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.corpus.Bytes;
import org.medbackup.testkit.Evidence;
import org.medbackup.testkit.MemoryStore;
import org.medbackup.testkit.PowerCutStore;

/** The power is cut at every moment of a script; when it returns, nothing that was committed is lost. */
class PowerCutTest {

    @TempDir
    Path temp;

    private Path source = Path.of("source");
    private Sandbox owner = new Sandbox(Path.of("state"));

    /** What the script does, one step after the other; a step that takes restore points away says so beforehand. */
    private final List<Consumer<Script>> steps = new ArrayList<>(List.of(
            Script::backUp,
            script -> script.with(repository -> assertThat(repository
                            .verify(VerifyLevel.PRESENCE, 1, Set.of(), Sandbox.SILENT)
                            .isWhole())
                    .isTrue()),
            script -> script.change(2),
            Script::backUp,
            script -> script.with(repository -> assertThat(repository
                            .verify(VerifyLevel.PRESENCE, 1, Set.of(), Sandbox.SILENT)
                            .isWhole())
                    .isTrue()),
            Script::forgetTheFirst,
            script -> script.with(repository -> assertThat(repository
                            .collect(CollectRequest.usual(), Sandbox.SILENT)
                            .packs()
                            .deleted())
                    .isPositive())));

    /** A restore point whose commit was answered, or one that may be gone from then on, at so many events. */
    private record Told(int event, String snapshot) {}

    final class Script {
        private final PowerCutStore store;
        private final List<Told> committed = new ArrayList<>();
        private final List<Told> leaving = new ArrayList<>();

        /** The files as they were when each restore point was made. */
        private final Map<String, List<String>> expected = new HashMap<>();

        Script(PowerCutStore store) {
            this.store = store;
            steps.forEach(step -> step.accept(this));
        }

        void with(Consumer<Repository> work) {
            try (Repository repository = owner.open(store)) {
                work.accept(repository);
            }
        }

        void backUp() {
            try (Repository repository =
                    Repository.open(store, owner.context, new Credential.KeyFile(owner.writerKey()), Sandbox.SILENT)) {
                String id = repository
                        .backup(BackupRequest.of("test", List.of(Sandbox.path(source))), Sandbox.SILENT)
                        .snapshot();
                committed.add(new Told(store.events(), id));
                expected.put(id, TreeListing.of(source));
            }
        }

        void change(int round) {
            write("file-" + round, Bytes.random(round, 200_000));
            write("image.dcm", Bytes.random(round + 10, 400_000));
        }

        void forgetTheFirst() {
            String first = committed.getFirst().snapshot();
            leave(first);
            with(repository -> assertThat(repository
                            .forget(Set.of(first), false, Sandbox.SILENT)
                            .removed())
                    .containsExactly(first));
        }

        /** Of these restore points nobody says any longer that they are there. */
        void leave(String snapshot) {
            leaving.add(new Told(store.events(), snapshot));
        }

        private List<String> at(List<Told> told, int event) {
            return told.stream()
                    .filter(each -> each.event <= event)
                    .map(Told::snapshot)
                    .toList();
        }
    }

    private void write(String name, byte[] content) {
        try {
            Files.write(source.resolve(name), content);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @BeforeEach
    void makeRepository() throws IOException {
        source = Files.createDirectories(temp.resolve("source"));
        write("image.dcm", Bytes.random(1, 400_000));
        write("note.txt", Bytes.text(1, 2000));
        owner = new Sandbox(temp.resolve("state"), new MemoryStore()).create();
    }

    private final Map<String, Long> counts = new TreeMap<>();

    private void count(String what) {
        counts.merge(what, 1L, Long::sum);
    }

    /** Looks at what a cut has left. */
    private void look(Script script, int event, long seed) {
        String where = "event " + event + " of " + script.store.events() + ", choice " + seed;
        MemoryStore left = script.store.after(event, seed);
        Path room = temp.resolve("cut-" + event + "-" + seed);
        var after = new Sandbox(room.resolve("state"), left);
        Set<String> promised = new HashSet<>(script.at(script.committed, event));
        Set<String> leaving = Set.copyOf(script.at(script.leaving, event));
        promised.removeAll(leaving);

        VerifyResult verified = after.verify(VerifyLevel.CONTENT);

        assertThat(verified.damaged()).as(where).isEmpty();
        assertThat(verified.snapshots()).as(where).containsAll(promised);
        List<String> all = new ArrayList<>(verified.snapshots());
        all.removeIf(id -> !script.expected.containsKey(id));
        if (!all.isEmpty()) {
            String last = script.committed.stream()
                    .map(Told::snapshot)
                    .filter(all::contains)
                    .reduce((one, next) -> next)
                    .orElseThrow();
            after.restore(last, source, room.resolve("out"));
            assertThat(TreeListing.of(room.resolve("out")))
                    .as(where)
                    .containsExactlyElementsOf(script.expected.get(last));
            count("restored");
        }
        // A client whose own memory survived may know more than the target.
        Path state = seed % 2 == 0 ? room.resolve("state") : owner.state;
        try (Repository repository = Repository.open(
                left, Sandbox.context(state), new Credential.KeyFile(owner.writerKey()), Sandbox.SILENT)) {
            BackupResult next =
                    repository.backup(BackupRequest.of("test", List.of(Sandbox.path(source))), Sandbox.SILENT);
            assertThat(after.verify(VerifyLevel.RESTORE).snapshots()).as(where).contains(next.snapshot());
        }
        count("cuts");
    }

    @Test
    void aPowerCutAtAnyMomentOfAScriptLosesNothingThatWasCommittedAndTheNextBackupWorks() {
        long started = System.nanoTime();
        var script = new Script(new PowerCutStore(owner.store));
        int events = script.store.events();
        int choices = Evidence.rounds(1, 24);

        for (int event = 0; event <= events; event++) {
            for (long seed = 0; seed < choices; seed++) {
                look(script, event, choices == 1 ? event % 3 : seed);
            }
        }

        assertThat(events).isGreaterThan(30);
        assertThat(script.committed).hasSize(2);
        counts.put("events", (long) events);
        counts.put("choices", (long) choices);
        counts.put("firstSeed", 0L);
        counts.put("lostCommits", 0L);
        Evidence.keep("power-cuts", "repository", started, new TreeMap<>(counts));
    }

    @Test
    void aStoreThatAnswersBeforeItIsDurableIsNoticed() {
        var script = new Script(new PowerCutStore(owner.store, 3));
        int acknowledged = script.committed.getFirst().event();

        assertThatThrownBy(() -> look(script, acknowledged, 0))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("event " + acknowledged);
    }
}
