package org.medbackup.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.core.spi.store.RetryingStore;
import org.medbackup.testkit.FaultyStore.Fault;

/** Every promise of the port, while two of three calls fail. */
class RetryingStoreTest implements ObjectStoreContract {

    private static final ObjectName NAME = ObjectName.of("s/one");
    private static final ObjectContent CONTENT = ObjectContent.of("content".getBytes(UTF_8));

    private final MemoryStore inner = new MemoryStore();
    private final ManualTime time = new ManualTime();
    private final ThreadLocal<AtomicInteger> ofThisThread = ThreadLocal.withInitial(AtomicInteger::new);

    @Override
    public ObjectStore open() {
        return new RetryingStore(
                new FaultyStore(
                        inner,
                        (call, name, number) -> switch (ofThisThread.get().getAndIncrement() % 3) {
                            case 0 -> Fault.FAILS;
                            case 1 -> Fault.ANSWER_LOST;
                            default -> Fault.NONE;
                        }),
                time);
    }

    private RetryingStore failing(Fault fault, int calls) {
        return new RetryingStore(
                new FaultyStore(inner, (call, name, number) -> number <= calls ? fault : Fault.NONE), time);
    }

    @Test
    void aPutWhoseAnswerWasLostIsStillTheCallersWork() {
        assertThat(failing(Fault.ANSWER_LOST, 2).putIfAbsent(NAME, CONTENT)).isEqualTo(PutOutcome.CREATED);
    }

    @Test
    void whatAnotherWriterPutMeanwhileIsNotTheCallersWork() {
        inner.putIfAbsent(NAME, ObjectContent.of("CONTENT".getBytes(UTF_8)));
        assertThat(failing(Fault.FAILS, 1).putIfAbsent(NAME, CONTENT)).isEqualTo(PutOutcome.EXISTED);

        inner.overwrite(NAME, new byte[3]);
        assertThat(failing(Fault.FAILS, 1).putIfAbsent(NAME, CONTENT)).isEqualTo(PutOutcome.EXISTED);
    }

    @Test
    void anObjectThatAnEarlierTryDeletedWasThere() {
        inner.putIfAbsent(NAME, CONTENT);

        assertThat(failing(Fault.ANSWER_LOST, 1).delete(NAME)).isTrue();
        assertThat(inner.isEmpty()).isTrue();
    }

    @Test
    void aListThatIsAskedForAgainTellsEachNameOnce() {
        inner.putIfAbsent(NAME, CONTENT);
        inner.putIfAbsent(ObjectName.of("s/two"), CONTENT);
        var names = new ArrayList<String>();

        failing(Fault.ANSWER_LOST, 2).list("s/", info -> names.add(info.name().text()));

        assertThat(names).containsExactly("s/one", "s/two");
    }

    @Test
    void aTargetThatStaysSilentFailsAfterFourSeconds() {
        Instant before = time.now();

        assertThatThrownBy(() -> failing(Fault.FAILS, 99).length(NAME))
                .isInstanceOfSatisfying(BackupException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
                    assertThat(failure.context()).containsEntry("tried", "5");
                });
        assertThat(Duration.between(before, time.now())).isEqualTo(Duration.ofMillis(3750));
    }

    @Test
    void whatFailsForAnotherReasonIsNotAskedAgain() {
        Instant before = time.now();

        assertThatThrownBy(() -> failing(Fault.FULL, 1).putIfAbsent(NAME, CONTENT))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.NO_SPACE));
        assertThatThrownBy(() -> failing(Fault.NONE, 0).read(NAME, 0, ByteBuffer.allocate(1)))
                .isInstanceOf(BackupException.class);
        assertThat(time.now()).isEqualTo(before);
    }

    @Test
    void itIsTheSameTargetToWhoeverAsks() {
        RetryingStore store = failing(Fault.NONE, 0);

        assertThat(store.location()).isEqualTo(inner.location());
        assertThat(store.questions()).isEmpty();
    }

    @Test
    void aWriterThatMayNotReadWhatItWroteIsToldThatItIsThere() {
        var answers = new AtomicInteger();
        var writeOnly = new FaultyStore(inner, (call, name, number) -> switch (call) {
            case PUT -> answers.getAndIncrement() == 0 ? Fault.ANSWER_LOST : Fault.NONE;
            default -> throw ErrorCode.STORE_DENIED.because("write only");
        });

        assertThat(new RetryingStore(writeOnly, time).putIfAbsent(NAME, CONTENT))
                .isEqualTo(PutOutcome.EXISTED);
    }
}
