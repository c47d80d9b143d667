package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.Keeping;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.testkit.FaultyStore;
import org.medbackup.testkit.ForwardingStore;
import org.medbackup.testkit.ManualTime;
import org.medbackup.testkit.MemoryStore;
import org.medbackup.testkit.ObjectStoreContract;

/** A repository at several targets is a store as any other, and each pack of data lies at the target of its tier. */
class TieredStoreTest implements ObjectStoreContract {

    private static final Instant UNTIL = Instant.parse("2030-01-01T00:00:00Z");

    private final ManualTime time = new ManualTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final MemoryStore home = new MemoryStore();
    private final MemoryStore vault = MemoryStore.locking(time);
    private final MemoryStore cold = new MemoryStore();

    @Override
    public ObjectStore open() {
        return new TieredStore(home, Map.of("vault", vault, "archive", cold, "deep", cold));
    }

    private static ObjectName name(String text) {
        return ObjectName.of(text);
    }

    private static ObjectContent of(String tier, int... bytes) {
        var content = new byte[bytes.length];
        IntStream.range(0, bytes.length).forEach(i -> content[i] = (byte) bytes[i]);
        return ObjectContent.of(content).kept(new Keeping(tier, Instant.EPOCH));
    }

    private static List<String> listed(ObjectStore store, String prefix) {
        var names = new ArrayList<String>();
        store.list(prefix, info -> names.add(info.name().text()));
        return names;
    }

    @Test
    void packsOfDataLieAtTheTargetOfTheirTierAndAllElseAtTheRepository() {
        try (ObjectStore store = open()) {
            store.putIfAbsent(name("d/aa/1"), of("vault", 1));
            store.putIfAbsent(name("d/bb/2"), of("archive", 2));
            store.putIfAbsent(name("d/cc/3"), of("", 3));
            store.putIfAbsent(name("d/dd/4"), of("a-tier-that-no-target-has", 4));
            store.putIfAbsent(name("m/aa/5"), of("vault", 5));

            assertThat(listed(home, "")).containsExactly("d/cc/3", "d/dd/4", "m/aa/5");
            assertThat(listed(vault, "")).containsExactly("d/aa/1");
            assertThat(listed(cold, "")).containsExactly("d/bb/2");
            assertThat(store.location()).isEqualTo(home.location());
        }
        try (ObjectStore later = open()) {
            assertThat(later.readAll(name("d/aa/1"))).containsExactly(1);
            assertThat(later.readAll(name("d/bb/2"))).containsExactly(2);
            assertThat(later.length(name("d/dd/4"))).hasValue(1);
            assertThat(listed(later, "")).containsExactly("d/aa/1", "d/bb/2", "d/cc/3", "d/dd/4", "m/aa/5");
            assertThat(listed(later, "d/b")).containsExactly("d/bb/2");
            assertThat(listed(later, "m/")).containsExactly("m/aa/5");
        }
    }

    @Test
    void thousandsOfNamesOfSeveralTargetsAreListedInOrderAndOnce() {
        try (ObjectStore store = open()) {
            for (int i = 0; i < 3000; i++) {
                String text = String.format(Locale.ROOT, "d/%02x/%05d", i * 7 % 256, i);
                store.putIfAbsent(name(text), of(List.of("vault", "archive", "").get(i % 3), i));
            }
            home.putIfAbsent(name("d/00/00000"), of("", 0));
            vault.putIfAbsent(name("d/00/00000"), of("", 0));

            assertThat(listed(store, "d/")).hasSize(3000).isSorted().doesNotHaveDuplicates();
        }
    }

    @Test
    void aPackThatWasMovedSinceItWasFoundIsReadWhereItIsNow() {
        try (ObjectStore store = open()) {
            store.putIfAbsent(name("d/aa/1"), of("", 7));
            store.readAll(name("d/aa/1"));
            cold.putIfAbsent(name("d/aa/1"), of("", 7));
            home.delete(name("d/aa/1"));
            ByteBuffer target = ByteBuffer.allocate(1);

            assertThat(store.read(name("d/aa/1"), 0, target)).isEqualTo(1);

            assertThat(target.array()).containsExactly(7);
            assertThat(store.length(name("d/aa/1"))).hasValue(1);
        }
    }

    @Test
    void aDeletedPackIsAtNoTargetAnyMore() {
        try (ObjectStore store = open()) {
            store.putIfAbsent(name("d/aa/1"), of("archive", 7));
            home.putIfAbsent(name("d/aa/1"), of("", 7));

            assertThat(store.delete(name("d/aa/1"))).isTrue();

            assertThat(store.length(name("d/aa/1"))).isEmpty();
            assertThat(home.isEmpty() && cold.isEmpty()).isTrue();
            assertThatThrownBy(() -> store.read(name("d/aa/1"), 0, ByteBuffer.allocate(1)))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.OBJECT_MISSING));
        }
    }

    @Test
    void aTierThatIsAwayIsNotTakenForAPackThatIsMissing() {
        var away = new FaultyStore(cold, (call, name, number) -> FaultyStore.Fault.FAILS);
        try (ObjectStore store = new TieredStore(home, Map.of("archive", away))) {
            for (Runnable asked : List.<Runnable>of(
                    () -> store.length(name("d/aa/1")),
                    () -> listed(store, "d/"),
                    () -> store.read(name("d/aa/1"), 0, ByteBuffer.allocate(1)))) {
                assertThatThrownBy(asked::run)
                        .isInstanceOfSatisfying(
                                BackupException.class,
                                failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE));
            }
            assertThat(store.length(name("s/1"))).isEmpty();
        }
    }

    @Test
    void whoeverListsMayStopInTheMiddle() {
        try (ObjectStore store = open()) {
            for (int i = 0; i < 2000; i++) {
                store.putIfAbsent(name(String.format(Locale.ROOT, "d/%05d", i)), of("vault", i));
            }
            var seen = new ArrayList<ObjectInfo>();

            assertThatThrownBy(() -> store.list("d/", info -> {
                        seen.add(info);
                        if (seen.size() == 3) {
                            throw new IllegalStateException("enough");
                        }
                    }))
                    .hasMessage("enough");

            assertThat(seen).hasSize(3);
        }
    }

    @Test
    void locksAreThoseOfTheTargetAtWhichAnObjectLies() {
        try (ObjectStore store = open()) {
            store.putIfAbsent(name("d/aa/1"), ObjectContent.of(new byte[1]).kept(new Keeping("vault", UNTIL)));
            store.putIfAbsent(name("d/bb/2"), ObjectContent.of(new byte[1]).kept(new Keeping("archive", UNTIL)));
            ObjectStore.Locks locks = store.locks().orElseThrow();

            assertThat(locks.until(name("d/aa/1"))).hasValue(UNTIL);
            assertThat(locks.until(name("d/bb/2"))).isEmpty();
            locks.extend(name("d/aa/1"), UNTIL.plus(Duration.ofDays(1)));
            locks.extend(name("d/bb/2"), UNTIL);
            assertThat(locks.until(name("d/aa/1"))).hasValue(UNTIL.plus(Duration.ofDays(1)));
            assertThatThrownBy(() -> locks.until(name("s/none"))).isInstanceOf(BackupException.class);
            assertThatThrownBy(() -> store.delete(name("d/aa/1"))).isInstanceOf(BackupException.class);
            assertThat(store.delete(name("d/bb/2"))).isTrue();
        }
        try (ObjectStore none = new TieredStore(home, Map.of("archive", cold))) {
            assertThat(none.locks()).isEmpty();
            assertThat(none.questions()).isEmpty();
        }
    }

    @Test
    void whatIsKnownOfARecallIsThatOfTheTargetWithTheTiersThatLieThere() {
        var shelf = new ColdShelf(TimeSource.system(), Duration.ZERO);
        ObjectStore.Recall.Terms slow = new ObjectStore.Recall.Terms(
                Set.of(),
                Set.of(ObjectStore.Recall.Speed.BULK),
                Map.of(ObjectStore.Recall.Speed.BULK, Duration.ofHours(9)));
        shelf.say(name("d/aa/1"), slow);
        var glacier = new ForwardingStore(cold) {
            @Override
            public Optional<Recall> recall() {
                return Optional.of(shelf);
            }
        };
        try (ObjectStore store = new TieredStore(home, Map.of("archive", glacier, "old", glacier))) {
            store.putIfAbsent(name("d/aa/1"), of("archive", 1));
            store.putIfAbsent(name("d/bb/2"), of("elsewhere", 1));
            ObjectStore.Recall recall = store.recall().orElseThrow();

            assertThat(recall.terms(name("d/aa/1"))).isEqualTo(slow.at(Set.of("archive", "old")));
            assertThat(recall.terms(name("d/bb/2"))).isEqualTo(ObjectStore.Recall.Terms.UNKNOWN);
        }
    }

    @Test
    void allTargetsAreClosedAlsoWhereOneFails() {
        var closed = new ArrayList<String>();
        var failing = new ForwardingStore(home) {
            @Override
            public void close() {
                closed.add("home");
                throw new IllegalStateException("does not close");
            }
        };
        var other = new ForwardingStore(cold) {
            @Override
            public void close() {
                closed.add("archive");
            }
        };

        assertThatThrownBy(() -> new TieredStore(failing, Map.of("archive", other)).close())
                .hasMessage("does not close");

        assertThat(closed).containsExactly("home", "archive");
    }
}
