package org.medbackup.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.Facts;
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
}
