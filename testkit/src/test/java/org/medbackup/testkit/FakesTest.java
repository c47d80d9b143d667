package org.medbackup.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.Facts;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.PutOutcome;

class FakesTest {

    private static final ObjectName NAME = ObjectName.of("a");

    @Test
    void manualTimeMovesOnlyWhenTold() {
        var time = new ManualTime();
        var before = time.now();

        time.sleep(Duration.ofHours(1));
        time.sleep(Duration.ofHours(-1));
        time.advance(Duration.ofMinutes(1));

        assertThat(Duration.between(before, time.now())).isEqualTo(Duration.ofMinutes(61));
        assertThat(time.nanos()).isEqualTo(Duration.ofMinutes(61).toNanos());
    }

    @Test
    void whoSleepsOnSteppedTimeWakesWhenItWasMovedFarEnough() throws InterruptedException {
        var time = new SteppedTime();
        Thread sleeper = Thread.ofPlatform().name("sleeper").start(() -> time.sleep(Duration.ofSeconds(10)));

        time.awaitSleeper("sleeper");
        time.advance(Duration.ofSeconds(9));
        time.awaitSleeper("sleeper");
        time.advance(Duration.ofSeconds(1));
        sleeper.join();

        time.sleep(Duration.ofMillis(500));
        assertThat(time.nanos()).isEqualTo(Duration.ofMillis(10_500).toNanos());
        assertThat(time.now()).isEqualTo("2026-01-01T00:00:10.500Z");
    }

    @Test
    void aSimulatedTargetIsThereUntilItIsTakenAway() {
        URI address = URI.create("sim://fakes");
        var targets = new SimulatedTargets();
        SimulatedTargets.place("fakes", new MemoryStore());

        assertThat(targets.schemes()).containsExactly("sim");
        assertThat(targets.open(address).isEmpty()).isTrue();
        SimulatedTargets.remove("fakes");
        assertThatThrownBy(() -> targets.open(address)).isInstanceOf(BackupException.class);
    }

    @Test
    void aSimulatedApplicationTellsItsPhasesAndNeitherFreezesNorComesUpAgain() {
        var phases = new ArrayList<String>();
        SimulatedApplications.place("fakes", phases::add);
        var provider = new SimulatedApplications();
        Deadline deadline = Deadline.after(new ManualTime(), Duration.ofMinutes(1));

        try (Application application =
                provider.open(URI.create("simulated://fakes/srv"), ApplicationProvider.Outside.system())) {
            assertThat(application.address()).isEqualTo("simulated://fakes");
            assertThat(application.freezes()).isFalse();
            application.check(deadline);
            application.thaw(deadline);
            assertThatThrownBy(() -> application.freeze(deadline)).isInstanceOf(IllegalStateException.class);
        }
        SimulatedApplications.remove("fakes");

        assertThat(phases).containsExactly("check");
        assertThat(provider.kinds()).containsExactly("simulated");
        assertThatThrownBy(() -> provider.recovery(ApplicationProvider.Outside.system()))
                .isInstanceOf(BackupException.class);
    }

    @Test
    void seededEntropyRepeats() {
        assertThat(new SeededEntropy(7).bytes(32)).isEqualTo(new SeededEntropy(7).bytes(32));
        assertThat(new SeededEntropy(7).bytes(32)).isNotEqualTo(new SeededEntropy(8).bytes(32));
    }

    @Test
    void aLostAnswerHasItsEffectAndAFailureNone() {
        var inner = new MemoryStore();
        var store = new FaultyStore(inner, (call, name, number) -> switch ((int) number) {
            case 1 -> FaultyStore.Fault.FAILS;
            case 2 -> FaultyStore.Fault.FULL;
            case 3 -> FaultyStore.Fault.ANSWER_LOST;
            default -> FaultyStore.Fault.NONE;
        });
        var content = ObjectContent.of(new byte[1]);

        assertThatThrownBy(() -> store.putIfAbsent(NAME, content)).isInstanceOf(BackupException.class);
        assertThatThrownBy(() -> store.putIfAbsent(NAME, content)).isInstanceOf(BackupException.class);
        assertThat(inner.isEmpty()).isTrue();
        assertThatThrownBy(() -> store.putIfAbsent(NAME, content)).isInstanceOf(BackupException.class);
        assertThat(inner.isEmpty()).isFalse();
        assertThat(store.read(NAME, 0, ByteBuffer.allocate(1))).isEqualTo(1);
        assertThat(store.length(NAME)).hasValue(1);
        store.list("", info -> assertThat(info.length()).isEqualTo(1));
        assertThat(store.putIfAbsent(NAME, content)).isEqualTo(PutOutcome.EXISTED);
        assertThat(store.delete(NAME)).isTrue();
        assertThat(store.isEmpty()).isTrue();
        assertThat(store.calls()).isEqualTo(8);
        assertThat(store.location()).isEqualTo("memory");
        store.close();
    }

    @Test
    void recordedEventsAreFoundByKind() {
        var events = new RecordedEvents();
        var actor = new Actor("a", "h", null, null);
        events.accept(new BackupEvent.Started(new ManualTime().now(), "1", "backup", actor, Facts.NONE));

        assertThat(events.all()).hasSize(1);
        assertThat(events.of(BackupEvent.Started.class)).hasSize(1);
        assertThat(events.of(BackupEvent.Ended.class)).isEmpty();
    }

    @Test
    void aPowerCutKeepsWhatHadEndedAndAnyPartOfWhatWasUnderWay() {
        var before = new MemoryStore();
        before.putIfAbsent(NAME, ObjectContent.of(new byte[1]));
        var store = new PowerCutStore(before);
        ObjectName second = ObjectName.of("b");
        assertThat(store.putIfAbsent(second, ObjectContent.of(new byte[2]))).isEqualTo(PutOutcome.CREATED);
        assertThat(store.delete(NAME)).isTrue();

        assertThat(store.events()).isEqualTo(4);
        assertThat(store.after(1, 0).names()).containsExactly(NAME);
        assertThat(store.after(1, 1).names()).containsExactly(NAME, second);
        assertThat(store.after(2, 0).names()).containsExactly(NAME, second);
        assertThat(store.after(3, 0).names()).containsExactly(NAME, second);
        assertThat(store.after(3, 1).names()).containsExactly(second);
        assertThat(store.after(4, 0).names()).containsExactly(second);
        assertThat(java.util.stream.LongStream.range(2, 20)
                        .mapToObj(seed -> store.after(1, seed).names().size())
                        .distinct())
                .containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void aStoreThatAnswersTooEarlyLosesWhatItSaidWasThere() {
        var store = new PowerCutStore(new MemoryStore(), 2);
        store.putIfAbsent(NAME, ObjectContent.of(new byte[1]));

        assertThat(store.after(2, 0).isEmpty()).isTrue();
        assertThat(store.after(2, 1).isEmpty()).isFalse();
        assertThat(store.length(NAME)).hasValue(1);
        assertThat(store.read(NAME, 0, ByteBuffer.allocate(1))).isEqualTo(1);
        store.list("", info -> assertThat(info.length()).isEqualTo(1));
        assertThat(store.isEmpty()).isFalse();
        assertThat(store.location()).isEqualTo("memory");
        store.close();
    }

    @Test
    void evidenceIsKeptAsJson(@TempDir Path folder) throws Exception {
        var counts = new TreeMap<String, Long>(Map.of("cuts", 12L, "lost", 0L));

        Path file = Evidence.write(folder, "power-cuts", "store", counts);
        Evidence.keep("nothing-in-a-short-run", "store", 0, new TreeMap<>());

        assertThat(folder.relativize(file)).hasToString("target/evidence/power-cuts/store.json");
        assertThat(file).hasContent("{\"cuts\": 12,\n \"lost\": 0}\n");
        assertThat(Evidence.rounds(3, 3)).isEqualTo(3);
        assertThat(Evidence.isLong()).isEqualTo(Boolean.getBoolean("long"));
    }

    /** Names decoders that misbehave. */
    public static final class Misbehaving implements Fuzzing.Targets {

        /** For whoever finds it by its name. */
        public Misbehaving() {}

        @Override
        public List<Fuzzing.Target> all() {
            return List.of(
                    target("reads", bytes -> {}),
                    target("refuses", bytes -> {
                        throw new IllegalArgumentException("not mine");
                    }),
                    target("fails", bytes -> {
                        throw new IllegalStateException("a mistake");
                    }),
                    target("takes", bytes -> kept = new byte[80 << 20]));
        }

        private byte[] kept = new byte[0];

        private static Fuzzing.Target target(String name, Fuzzing.Decoder decoder) {
            return new Fuzzing.Target(
                    name, decoder, thrown -> thrown instanceof IllegalArgumentException, List.of(new byte[1]));
        }

        int kept() {
            return kept.length;
        }
    }

    @Test
    void aDecoderMayReadOrRefuseAndNeitherFailNorTakeMuch() throws Exception {
        var targets = new Misbehaving();
        assertThat(targets.kept()).isZero();
        assertThat(Fuzzing.feed(targets.all().get(0), new byte[2])).isTrue();
        assertThat(Fuzzing.feed(targets.all().get(1), new byte[2])).isFalse();
        for (Fuzzing.Target wrong : targets.all().subList(2, 4)) {
            assertThatThrownBy(() -> Fuzzing.feed(wrong, new byte[2]))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith(wrong.name());
        }
    }

    @Test
    void theDecoderOfAHuntIsFoundByItsName() throws Exception {
        assertThat(Fuzzing.Entry.find(Misbehaving.class.getName(), "refuses").name())
                .isEqualTo("refuses");
        assertThatThrownBy(() -> Fuzzing.Entry.find(Misbehaving.class.getName(), "none"))
                .isInstanceOf(IllegalArgumentException.class);
        Fuzzing.Entry.fuzzerTestOneInput(new byte[1]);
        System.setProperty("fuzz.targets", Misbehaving.class.getName());
        System.setProperty("fuzz.target", "reads");
        Fuzzing.Entry.fuzzerInitialize();
        Fuzzing.Entry.fuzzerTestOneInput(new byte[1]);
    }

    @Test
    void decodersCanBeChosen() {
        List<Fuzzing.Target> all = new Misbehaving().all();
        assertThat(Fuzzing.chosen(all)).isEqualTo(all);
        System.setProperty("fuzz.only", "none,refuses");
        try {
            assertThat(Fuzzing.chosen(all)).extracting(Fuzzing.Target::name).containsExactly("refuses");
        } finally {
            System.clearProperty("fuzz.only");
        }
    }

    @Test
    void whatJazzerSaysIsUnderstood() {
        String said = "INFO: Seed: 71\n#1 cov: 3 ft: 4\n#9 DONE cov: 17 ft: 20\nstat::number_of_executed_units: 900\n";

        assertThat(Fuzzing.campaign(said, 0)).isEqualTo(new Fuzzing.Campaign(900, 17, 71, ""));
        assertThat(Fuzzing.campaign(said + "== Java Exception: x", 77).found()).contains("77", "Java Exception");
        assertThat(Fuzzing.campaign(said, 0).counts(60))
                .containsEntry("inputs", 900L)
                .containsEntry("findings", 0L);
        assertThat(Fuzzing.campaign("no JVM", 0).found()).contains("no JVM");
    }
}
